import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from '@trpc/client';
import { listen } from '@quittance/runtime';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callContext, withCallContext } from './call-context.ts';
import { DomainError, toDomainError } from './errors.ts';
import { httpTransport } from './http-transport.ts';
import { settled, transportLink } from './link.ts';
import { createRpcListener } from './listener.ts';
import { directTransport, type Transport } from './transport.ts';
import { procedure, router } from './trpc.ts';

/** Passes a value off as another type, as a caller without types would. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the point of the helper
const mistyped = <T>(value: unknown): T => value as T;

const hanging = Promise.withResolvers<never>();

const sample = router({
  echo: procedure
    .input(z.object({ text: z.string() }))
    .output(z.object({ text: z.string() }))
    .query(({ input }) => ({ ...input, leak: 'not in the contract' })),
  when: procedure
    .input(z.object({ at: z.iso.datetime() }))
    .output(z.string())
    .mutation(({ input }) => input.at),
  nested: router({
    refuse: procedure.output(z.void()).mutation(() => {
      throw new DomainError('provider_refused', 'Your card was declined.', {
        param: 'amount',
        refusal: { status: 402, code: 'card_declined', param: null },
      });
    }),
  }),
  crash: procedure.output(z.void()).mutation(() => {
    throw new Error('SQLITE_BUSY at /srv/data');
  }),
  wrongOutput: procedure.output(z.object({ amount: z.int() })).query(() => ({ amount: 0.5 })),
  context: procedure.output(z.object({ requestId: z.string(), traceId: z.string() })).query(() => ({
    requestId: callContext()?.requestId ?? '',
    traceId: callContext()?.traceparent.split('-')[1] ?? '',
  })),
  hang: procedure.output(z.void()).mutation(() => hanging.promise),
});
type Sample = typeof sample;

const serviceToken = 'a-token-of-this-test';

interface Link {
  client: TRPCClient<Sample>;
  unexpected: unknown[];
  [Symbol.asyncDispose](): Promise<void>;
}

const clientOver = (transport: Transport): TRPCClient<Sample> =>
  createTRPCClient<Sample>({ links: [transportLink(transport)] });

const openDirect = (): Link => {
  const unexpected: unknown[] = [];
  const transport = directTransport(sample, (error) => unexpected.push(error));
  return {
    client: clientOver(transport),
    unexpected,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
};

const serveSample = async () => {
  const unexpected: unknown[] = [];
  const onUnexpectedError = (error: unknown) => unexpected.push(error);
  const listener = createRpcListener(sample, { serviceToken, onUnexpectedError });
  return { server: await listen(listener, { host: '127.0.0.1', port: 0 }), unexpected };
};

const openHttp = async (): Promise<Link> => {
  const { server, unexpected } = await serveSample();
  const { transport, close } = httpTransport({ url: server.url, serviceToken });
  return {
    client: clientOver(transport),
    unexpected,
    [Symbol.asyncDispose]: async () => {
      await close();
      await server.close();
    },
  };
};

const openStockClient = async (): Promise<Link> => {
  const { server, unexpected } = await serveSample();
  const headers = () => ({
    authorization: `Bearer ${serviceToken}`,
    'x-request-id': callContext()?.requestId,
    traceparent: callContext()?.traceparent,
  });
  return {
    client: createTRPCClient<Sample>({ links: [httpLink({ url: `${server.url}/rpc`, headers })] }),
    unexpected,
    [Symbol.asyncDispose]: () => server.close(),
  };
};

describe.each([
  ['direct', openDirect],
  ['http', openHttp],
  ["tRPC's own httpLink", openStockClient],
])('over %s', (_name, open) => {
  test('an output carries what its contract says and no more', async () => {
    await using link = await open();
    expect(await link.client.echo.query({ text: 'hé' })).toEqual({ text: 'hé' });
  });

  test('input is JSON: a Date arrives as its text', async () => {
    await using link = await open();
    const at = new Date('2026-01-02T03:04:05.000Z');
    expect(await link.client.when.mutate({ at: mistyped(at) })).toBe(at.toISOString());
  });

  test('a wrong input is refused naming its field', async () => {
    await using link = await open();
    const call = settled(link.client.echo.query({ text: mistyped(7) }));
    await expect(call).rejects.toMatchObject({ code: 'invalid_request', param: 'text' });
  });

  test('a domain error arrives with its code, message, param and refusal', async () => {
    await using link = await open();
    const call = settled(link.client.nested.refuse.mutate());
    await expect(call).rejects.toBeInstanceOf(DomainError);
    await expect(call).rejects.toMatchObject({
      code: 'provider_refused',
      message: 'Your card was declined.',
      param: 'amount',
      refusal: { status: 402, code: 'card_declined', param: null },
    });
  });

  test('an unknown error leaves without message and stack, and is told where it happened', async () => {
    await using link = await open();
    const error = await link.client.crash.mutate().catch((cause: unknown) => cause);
    expect(toDomainError(error)).toMatchObject({ code: 'internal', message: 'Internal error' });
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(JSON.stringify(error)).not.toMatch(/SQLITE|transport\.test/);
    expect(link.unexpected).toEqual([new Error('SQLITE_BUSY at /srv/data')]);
  });

  test('an output that breaks its contract is an internal error', async () => {
    await using link = await open();
    await expect(settled(link.client.wrongOutput.query())).rejects.toMatchObject({
      code: 'internal',
    });
  });

  test('request id and trace travel along', async () => {
    await using link = await open();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const context = { requestId: 'req_1', traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const seen = await withCallContext(context, () => link.client.context.query());
    expect(seen).toEqual({ requestId: 'req_1', traceId });
  });

  test('an abort rejects at once though the procedure never ends', async () => {
    await using link = await open();
    const controller = new AbortController();
    const call = settled(link.client.hang.mutate(undefined, { signal: controller.signal }));
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a procedure that does not exist is not found', async () => {
    await using link = await open();
    const client = mistyped<TRPCClient<typeof other>>(link.client);
    await expect(settled(client.missing.query())).rejects.toMatchObject({ code: 'not_found' });
  });
});

const other = router({ missing: procedure.output(z.void()).query(() => undefined) });

test('a wrong service token is refused before the procedure runs, as no fault of the caller', async () => {
  const { server, unexpected } = await serveSample();
  const { transport, close } = httpTransport({ url: server.url, serviceToken: 'a-guess' });
  const error = await settled(clientOver(transport).crash.mutate()).catch(toDomainError);
  expect(error).toMatchObject({
    code: 'internal',
    message: 'Internal error',
    cause: new Error(`${server.url} refused the service token of this process`),
  });
  expect(unexpected).toEqual([]);

  const refused = await fetch(`${server.url}/rpc/crash`, { method: 'POST' });
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toBe('ServiceToken');
  await close();
  await server.close();
});

test('a service that is down is unavailable; one that dies in the middle leaves the outcome unknown', async () => {
  const { server } = await serveSample();
  await server.close();
  const gone = httpTransport({ url: server.url, serviceToken });
  await expect(settled(clientOver(gone.transport).hang.mutate())).rejects.toMatchObject({
    code: 'unavailable',
  });
  await gone.close();

  const dying = await listen((request) => request.socket.destroy(), { host: '127.0.0.1', port: 0 });
  const cut = httpTransport({ url: dying.url, serviceToken });
  await expect(settled(clientOver(cut.transport).hang.mutate())).rejects.toMatchObject({
    code: 'outcome_unknown',
  });
  await cut.close();
  await dying.close();
});
