import { administered } from '../administered';
import { auditFieldValues, readAuditQuery } from './audit-query';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  administered(locals, url, async (actor) => {
    const { filter, before } = readAuditQuery(url);
    const page = await locals.services.administration.audit.page(actor, filter, before);
    return { ...page, fields: auditFieldValues(url) };
  });
