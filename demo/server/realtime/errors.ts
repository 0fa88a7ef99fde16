/** The body of an `error` event, but for our `event_id`: which client event caused it is added by who knows. */
export interface ErrorDetails {
  readonly type: 'invalid_request_error' | 'server_error';
  readonly code: string | null;
  readonly message: string;
  readonly param: string | null;
}

/** A client event that cannot be carried out. It changes nothing: the session goes on as if the event had not come. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly details: ErrorDetails;

  constructor(code: string | null, message: string, param: string | null = null) {
    super(message);
    this.details = { type: 'invalid_request_error', code, message, param };
  }

  static activeResponse(responseId: string): RequestError {
    return new RequestError(
      'conversation_already_has_active_response',
      `Conversation already has an active response in progress: ${responseId}. Wait until the response is finished before creating a new one.`,
    );
  }

  static noActiveResponse(): RequestError {
    return new RequestError('response_cancel_not_active', 'Cancellation failed: no active response found');
  }

  static commitTooSmall(bufferMs: number): RequestError {
    return new RequestError(
      'input_audio_buffer_commit_empty',
      `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${bufferMs.toFixed(2)}ms of audio.`,
    );
  }

  static unknownItem(doing: 'deleting' | 'retrieving' | 'truncating', itemId: string): RequestError {
    const verb = { deleting: 'delete', retrieving: 'retrieve', truncating: 'truncate' }[doing];
    return new RequestError(
      `item_${verb}_invalid_item_id`,
      `Error ${doing} item: the item with id '${itemId}' does not exist.`,
    );
  }

  static missing(param: string): RequestError {
    return new RequestError('missing_required_parameter', `Missing required parameter: '${param}'.`, param);
  }

  static invalidValue(message: string, param: string): RequestError {
    return new RequestError('invalid_value', message, param);
  }

  /** A fault asked for in the address that there is not. */
  static unknownFault(message: string): RequestError {
    return new RequestError('invalid_fault', message);
  }

  /** What the provider can and this server cannot: said plainly, so that nobody looks for a mistake of their own. */
  static unsupportedHere(what: string, param: string): RequestError {
    return new RequestError('unsupported_value', `${what} is not supported by this local server.`, param);
  }
}
