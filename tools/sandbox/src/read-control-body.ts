import type { z } from 'zod';

export interface RefusedBody {
  error: { message: string; issues: { param: string; message: string }[] };
}

const readJson = async (request: Request): Promise<unknown> => {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
};

/** What the body of a control route says, or the answer that tells every field that is wrong. */
export const readControlBody = async <S extends z.ZodType>(
  request: Request,
  schema: S,
  refusal: string,
): Promise<{ data: z.output<S> } | RefusedBody> => {
  const body = await readJson(request);
  if (body === undefined) return { error: { message: 'The body must be JSON.', issues: [] } };
  const parsed = schema.safeParse(body);
  if (parsed.success) return { data: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) => ({
    param: path.join('.'),
    message,
  }));
  return { error: { message: refusal, issues } };
};
