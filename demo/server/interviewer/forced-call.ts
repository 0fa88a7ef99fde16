import type { Call, ToolOffer } from './context.js';

/** A call of one tool with the fewest arguments that its schema allows. @param hint a text for what has to be a text */
export function forcedCall(tool: ToolOffer, hint: string): Call {
  const value = tool.parameters ? fewest(tool.parameters, hint) : {};
  return { name: tool.name, arguments: isRecord(value) ? value : {} };
}

function fewest(schema: Readonly<Record<string, unknown>>, hint: string): unknown {
  if (Array.isArray(schema['enum'])) return (schema['enum'] as unknown[])[0];
  if ('const' in schema) return schema['const'];
  switch (schema['type']) {
    case 'string':
      return hint;
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object': {
      const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
      const properties = isRecord(schema['properties']) ? schema['properties'] : {};
      return Object.fromEntries(
        required
          .filter((name) => typeof name === 'string')
          .map((name) => [name, fewest(isRecord(properties[name]) ? properties[name] : {}, hint)]),
      );
    }
    default:
      return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
