import { escapeHtml } from '../html.ts';
import type { PracticeReply } from '../http.ts';
import type { Route } from '../router.ts';
import { projects } from './catalogue.ts';
import type { JiraParts } from './jira-parts.ts';

/** Avatars and icons, drawn here, so that nothing is loaded from elsewhere. They need no token, as in Jira. */
export function imageRoutes({ people }: JiraParts): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/secure/useravatar',
      handle: ({ request }) => {
        const owner = request.query.get('ownerId');
        const person = people.all.find(
          ({ userKey, employeeId }) => owner === userKey || owner === employeeId,
        );
        const size = avatarSizes[request.query.get('size') ?? ''] ?? 48;
        return picture(size, person?.avatarColour ?? '#8a8577', person?.initials ?? '?');
      },
    },
    {
      method: 'GET',
      pattern: '/secure/projectavatar',
      handle: ({ request }) => {
        const project = projects.find(({ avatarId }) => String(avatarId) === request.query.get('avatarId'));
        const size = avatarSizes[request.query.get('size') ?? ''] ?? 48;
        return picture(size, '#3d5a45', project?.key.charAt(0) ?? '?');
      },
    },
    { method: 'GET', pattern: '/secure/viewavatar', handle: () => picture(16, '#5b6770', '') },
    { method: 'GET', pattern: '/images/icons/:path*', handle: () => picture(16, '#8a8577', '') },
  ];
}

const avatarSizes: Record<string, number> = { xsmall: 16, small: 24, medium: 32, large: 48 };

function picture(size: number, colour: string, text: string): PracticeReply {
  const label = `<text x="24" y="31" font-family="system-ui, sans-serif" font-size="19" font-weight="600" text-anchor="middle" fill="#fff">${escapeHtml(text)}</text>`;
  return {
    status: 200,
    headers: {
      'content-type': 'image/svg+xml;charset=UTF-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=3600',
    },
    body: `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 48 48"><rect width="48" height="48" rx="24" fill="${colour}"/>${text === '' ? '' : label}</svg>`,
  };
}
