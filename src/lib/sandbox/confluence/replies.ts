import { jsonReply, type PracticeReply } from '../http.ts';

/** An error in the shape of Confluence's REST API. */
export function confluenceError(statusCode: number, message: string): PracticeReply {
  return jsonReply(statusCode, {
    statusCode,
    data: {
      authorized: statusCode !== 401 && statusCode !== 403,
      valid: false,
      errors: [],
      successful: false,
    },
    message,
    reason: reasons[statusCode] ?? 'Error',
  });
}

const reasons: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  415: 'Unsupported Media Type',
};

/** Also for a page that the caller may not see: the two look the same. */
export function pageNotFound(id: string): PracticeReply {
  return confluenceError(404, `No content found with id: ContentId{id=${id}}`);
}

export function notPermitted(): PracticeReply {
  return confluenceError(403, 'User not permitted to use Confluence');
}
