import type { InterviewStrings } from './strings.js';

export const german: InterviewStrings = {
  interview: 'Interview',
  interviewer: 'Die Interviewerin',
  you: 'Sie',

  startTitle: 'Interview',
  startText: 'Sie können jederzeit pausieren, tippen statt sprechen oder aufhören.',
  minutes: 'Etwa {minutes} Minuten',
  begin: 'Beginnen',
  busy: 'Einen Moment…',
  offerTitle: 'Willkommen zurück',
  offerText:
    'Hier wurde ein Interview begonnen und nicht beendet. Sie können dort weitermachen, wo es aufhörte.',
  continue: 'Fortsetzen',
  beginAnew: 'Neu beginnen',
  beginAnewNote: 'Wenn Sie neu beginnen, wird das bisher Gesagte gelöscht.',

  consentTitle: 'Bevor wir beginnen',
  required: 'erforderlich',
  agree: 'Ich stimme zu',
  decline: 'Nein, danke',
  declinedTitle: 'Das ist in Ordnung',
  declinedText: 'Sie haben abgelehnt, es findet kein Interview statt. Nichts wurde aufgezeichnet.',
  reconsider: 'Noch einmal lesen',

  setupTitle: 'Ihr Mikrofon',
  setupText:
    'Sie antworten, indem Sie sprechen. Ihr Browser fragt, ob diese Seite das Mikrofon benutzen darf.',
  turnOnMicrophone: 'Mikrofon einschalten',
  microphoneOpening: 'Warten auf das Mikrofon…',
  withoutMicrophone: 'Ohne Mikrofon fortfahren',
  microphone: 'Mikrofon',
  microphoneUnnamed: 'Mikrofon {number}',
  speakToTest: 'Sagen Sie ein paar Worte: Der Balken sollte sich bewegen.',
  startInterview: 'Interview starten',
  setupTextOnly: 'Sie können Ihre Antworten auch tippen. Sonst ändert sich nichts.',
  memoryOnly: 'Dieser Browser bewahrt nichts auf: Wird die Seite geschlossen, ist das Interview verloren.',
  insecurePage:
    'Die Adresse dieser Seite beginnt nicht mit https, deshalb kann der Browser das Interview nicht führen. Bitte sagen Sie es der Person, die Sie eingeladen hat.',

  connecting: 'Verbindung wird aufgebaut',
  connectingText: '{name} ist gleich bei Ihnen.',
  activity: {
    listening: 'Sie sind dran',
    hearing: 'Sie werden gehört',
    thinking: '{name} denkt nach',
    speaking: '{name} spricht',
  },
  hintTalk: 'Halten Sie die Taste, während Sie sprechen.',
  hintHandsFree: 'Sprechen Sie einfach. Lassen Sie sich Zeit.',
  hintText: 'Tippen Sie Ihre Antwort.',
  holdToTalk: 'Zum Sprechen halten',
  releaseToSend: 'Am Ende loslassen',
  spaceHint: 'oder die Leertaste halten',
  tooShort: 'Das war sehr kurz. Halten Sie die Taste gedrückt, während Sie sprechen.',
  conversation: 'Gespräch',
  notTranscribed: '[nicht verstanden]',
  outage: 'Verbindung abgerissen',
  outageOver: 'Verbindung für {seconds} s abgerissen',
  interrupted: 'unterbrochen',
  progress: '{done} von {total} Fragen',
  typeAnswer: 'Antwort tippen',
  send: 'Senden',
  textReturned: 'Ihr Text kam nicht an. Er steht wieder im Feld: Senden Sie ihn noch einmal.',
  options: 'Einstellungen',
  howYouAnswer: 'Wie Sie antworten',
  modeTalk: 'Taste halten',
  modeHandsFree: 'Einfach sprechen',
  modeText: 'Tippen',
  howTheyAnswer: 'Wie {name} antwortet',
  outputVoice: 'Gesprochen',
  outputText: 'Geschrieben',
  playSound: 'Mit Ton weiter',
  soundOff: 'Der Ton ist aus.',
  mute: '{name} stummschalten',
  unmute: '{name} wieder hören',
  pause: 'Pause',
  resume: 'Weiter',
  pausedTitle: 'Pause',
  pausedText: 'Das Mikrofon ist aus. Nehmen Sie sich die Zeit, die Sie brauchen.',
  reconnectingTitle: 'Neue Verbindung',
  reconnectingText: 'Die Verbindung ist abgerissen. Nichts Gesagtes ist verloren; es geht gleich weiter.',
  reconnectingIn: 'Nichts Gesagtes ist verloren; nächster Versuch in {time}.',
  tryNow: 'Jetzt versuchen',
  end: 'Beenden',
  endTitle: 'Interview beenden?',
  endText: 'Was bisher gesagt wurde, bleibt erhalten.',
  endNow: 'Jetzt beenden',
  goOn: 'Weitermachen',
  ending: 'Wird abgeschlossen',
  dismiss: 'Meldung schließen',

  endedTitle: {
    completed: 'Vielen Dank',
    participant: 'Sie haben das Interview beendet',
    host: 'Das Interview ist beendet',
    time: 'Die Zeit ist um',
    declined: 'Das ist in Ordnung',
    failed: 'Das Interview musste abbrechen',
  },
  endedText: 'Das wurde gesagt. Sie können eine Kopie behalten.',
  endedMemory:
    'Dieser Browser hat nicht alles davon aufbewahrt: Laden Sie eine Kopie herunter, bevor Sie die Seite schließen, wenn Sie eine möchten.',
  endedEmpty: 'Es wurde nichts gesagt.',
  summary: 'Zusammenfassung',
  downloadText: 'Als Text herunterladen',
  downloadData: 'Als Daten herunterladen',
  erase: 'Von diesem Gerät löschen',
  eraseTitle: 'Dieses Interview löschen?',
  eraseText: 'Es wird von diesem Gerät entfernt und lässt sich nicht wiederherstellen.',
  eraseNow: 'Löschen',
  keep: 'Behalten',
  erased: 'Das Interview wurde von diesem Gerät gelöscht.',

  failedTitle: 'Das hat nicht geklappt',
  elsewhereTitle: 'Dieses Interview ist in einem anderen Tab geöffnet',
  takenOverTitle: 'Das Interview geht in einem anderen Tab weiter',
  tryAgain: 'Noch einmal versuchen',
  goOnHere: 'Hier weitermachen',
  tryAgainIn: 'Noch einmal versuchen in {time}',
  kept: 'Was bisher gesagt wurde, ist aufbewahrt. Sie können eine Kopie herunterladen.',
  errors: {
    'token-refused':
      'Das Interview hat Sie nicht eingelassen. Vielleicht ist Ihre Einladung abgelaufen: Fragen Sie, wer Sie eingeladen hat.',
    'token-unreachable':
      'Das Interview ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
    'token-malformed':
      'Das Interview ist nicht richtig eingerichtet. Bitte sagen Sie es der Person, die Sie eingeladen hat.',
    'microphone-denied':
      'Das Mikrofon ist nicht erlaubt. Erlauben Sie es neben der Adresse dieser Seite und versuchen Sie es noch einmal, oder tippen Sie.',
    'microphone-lost':
      'Das Mikrofon ist weg. Schließen Sie eines an oder wählen Sie eines und schalten Sie es ein, oder tippen Sie.',
    'microphone-muted':
      'Ihr Mikrofon ist stumm: durch einen Schalter daran oder durch dieses Gerät. Schalten Sie es wieder ein, oder tippen Sie.',
    'sound-suspended':
      'Ihr Browser hält den Ton zurück oder findet keinen Lautsprecher. Was gesagt wird, steht solange hier.',
    'microphone-missing':
      'Kein Mikrofon gefunden. Schließen Sie eines an und versuchen Sie es noch einmal, oder tippen Sie.',
    'microphone-blocked-by-policy':
      'Diese Seite darf kein Mikrofon benutzen. Sie können Ihre Antworten tippen.',
    'microphone-busy':
      'Ein anderes Programm benutzt das Mikrofon. Schließen Sie es und versuchen Sie es noch einmal, oder tippen Sie.',
    'microphone-echo':
      'Ihr Mikrofon hört das Interview aus dem Lautsprecher mit: Bitte sprechen Sie erst, wenn ausgesprochen ist. Kopfhörer helfen.',
    'guide-invalid':
      'Das Interview ist nicht richtig eingerichtet. Bitte sagen Sie es der Person, die Sie eingeladen hat.',
    'guide-unreachable':
      'Die Fragen konnten nicht geladen werden. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
    'connection-failed':
      'Es kam keine Verbindung zustande. Prüfen Sie Ihr Netz und versuchen Sie es noch einmal.',
    'connection-lost':
      'Die Verbindung ist abgerissen und kam nicht wieder. Prüfen Sie Ihr Netz und versuchen Sie es noch einmal.',
    'protocol-error': 'Die Antwort der Gegenseite war nicht zu verstehen. Versuchen Sie es noch einmal.',
    'provider-error':
      'Auf der Gegenseite gibt es ein Problem. Warten Sie kurz und versuchen Sie es noch einmal.',
    'provider-quota':
      'Das Interview kann nicht weitergehen: Sein Kontingent ist aufgebraucht. Sie können nichts tun. Bitte sagen Sie es der Person, die Sie eingeladen hat.',
    'provider-rate-limit': 'Gerade ist sehr viel los. Warten Sie kurz und versuchen Sie es noch einmal.',
    'storage-unavailable':
      'Dieser Browser bewahrt nichts vom Interview auf: Schließen Sie die Seite nicht, bevor es endet.',
    'storage-full':
      'Auf diesem Gerät ist kein Platz mehr: Schließen Sie die Seite nicht, bevor das Interview endet.',
    'worklet-blocked': 'Diese Seite erlaubt keine Tonverarbeitung. Sie können Ihre Antworten tippen.',
    'unsupported-browser':
      'Dieser Browser kann nicht mit Ton umgehen. Tippen Sie, oder öffnen Sie die Seite in einem aktuellen Chrome, Edge, Firefox oder Safari.',
    'interview-elsewhere':
      'Sie können dort weitermachen oder hier: Dann hört der andere Tab auf, und nichts Gesagtes geht verloren.',
    'interview-taken-over': 'Sie können diesen Tab schließen. Sie können das Interview auch zurückholen.',
    'invalid-state': 'Das geht gerade nicht.',
  },
};
