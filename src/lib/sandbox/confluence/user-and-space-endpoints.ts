import { jsonReply, type PracticeReply, type PracticeRequest } from '../http.ts';
import type { Route } from '../router.ts';
import { pageOf } from './paging.ts';
import type { ConfluenceParts } from './confluence-parts.ts';
import { spaces } from './spaces.ts';

/** Who am I, and which spaces are there. */
export function userAndSpaceEndpoints({ wire }: ConfluenceParts): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/rest/api/user/current',
      handle: ({ person }) => jsonReply(200, person ? wire.person(person) : anonymous(wire.contextPath)),
    },
    {
      method: 'GET',
      pattern: '/rest/api/space',
      handle: ({ person, request }) => listSpaces(request, person !== undefined, wire),
    },
  ];
}

function listSpaces(
  request: PracticeRequest,
  mayView: boolean,
  wire: ConfluenceParts['wire'],
): PracticeReply {
  const wanted = request.query.getAll('spaceKey').map((key) => key.toUpperCase());
  const visible = mayView ? spaces : [];
  const found = visible.filter(({ key }) => wanted.length === 0 || wanted.includes(key));
  return pageOf(
    request,
    wire,
    found.map((space) => wire.space(space)),
  );
}

function anonymous(contextPath: string) {
  return {
    type: 'anonymous',
    profilePicture: {
      path: `${contextPath}/images/icons/profilepics/anonymous.svg`,
      width: 48,
      height: 48,
      isDefault: true,
    },
    displayName: 'Anonymous',
    _links: { base: '', context: contextPath },
  };
}
