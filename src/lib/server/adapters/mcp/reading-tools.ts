import { isWriting, writingCapabilities, type Capability, type ToolProfile } from './tool-profile.ts';
import { toolProfiles } from './tool-profiles.ts';

/** A verb of change as a word of a tool's name, in any of the ways that names are written. */
const CHANGING =
  /(?:^|[^a-z])(?:create|update|edit|delete|remove|add|transition|move|assign|upload|publish)(?:[^a-z]|$)/i;

/**
 * Whether a tool may be called for a capability. What only reads is never had from a tool that is known to write, or
 * whose name says so, whatever its server's hints say of it: hints are the server's own words (MCP specification,
 * ToolAnnotations), and a mapping may name the wrong tool. Refused, it is as if the server did not offer it.
 */
export function mayBeCalledFor(capability: Capability, tool: string, profile: ToolProfile): boolean {
  if (isWriting(capability)) return true;
  const writes = [profile, ...toolProfiles].some(({ uses }) =>
    writingCapabilities.some((name) => uses[name]?.tool === tool),
  );
  return !writes && !CHANGING.test(inWords(tool));
}

/** `createIssue` as `create Issue`, so that one pattern reads all ways of writing names. */
function inWords(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
}
