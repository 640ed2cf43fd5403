import type { CreateEndpoint, Delivery, EndpointWithSecret } from '@quittance/contracts';
import type { AppDeps } from '../app.ts';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { addEndpoint, deliveriesOf } from './endpoints-under-test.ts';
import { type Answer, openReceiver, type Receiver } from './receiver-under-test.ts';
import { createSender, type Sender } from './sender.ts';

export interface SendingUnderTest extends CoreUnderTest {
  sender: Sender;
  /** The server of its endpoints: whatever arrives there has been verified. */
  receiver: Receiver;
  /** From now on it answers so. */
  answer: (answer: Answer) => void;
  /** An endpoint at a path of the receiver, or at any other URL. */
  listen: (path: string, change?: Partial<CreateEndpoint>) => Promise<EndpointWithSecret>;
  /** Has the receiver check a secret more of what comes at a path. */
  trust: (path: string, secret: string) => void;
  /** The webhook-ids that arrived at a path, in order. */
  arrived: (path: string) => string[];
  /** Lets time pass until the next delivery is due, and does what is due then. @returns how long that was, in ms */
  pass: () => Promise<number>;
}

/**
 * A core in the sandbox that calls real servers.
 * @param timeoutMs how long a try waits for an answer
 */
export const openSending = async ({
  timeoutMs = 10_000,
  ...settings
}: Partial<AppDeps> & { timeoutMs?: number } = {}): Promise<SendingUnderTest> => {
  const sender = createSender({ sandbox: true, webhookNetworks: [], timeoutMs });
  const core = await openCore({ sender, ...settings });
  const secrets = new Map<string, string[]>();
  const trust = (path: string, secret: string): void => {
    secrets.set(path, [...(secrets.get(path) ?? []), secret]);
  };
  let answer: Answer = (response) => void response.end();
  const receiver = await openReceiver(
    (path) => secrets.get(path) ?? [],
    (response, received) => answer(response, received),
  );

  const nextAt = async (): Promise<number> => {
    const times = (await deliveriesOf(core)).flatMap(({ nextAttemptAt }) => nextAttemptAt ?? []);
    return Math.min(...times.map((time) => Date.parse(time)));
  };

  return {
    ...core,
    sender,
    receiver,
    answer: (next) => {
      answer = next;
    },
    listen: async (path, change = {}) => {
      const url = path.startsWith('/') ? receiver.url + path : path;
      const made = await addEndpoint(core, { url, ...change });
      trust(path, made.secret);
      return made;
    },
    trust,
    arrived: (path) =>
      receiver.received.filter((one) => one.path === path).map(({ webhookId }) => webhookId),
    pass: async () => {
      const ms = (await nextAt()) - core.clock.now();
      core.clock.advance(ms);
      await core.app.work();
      return ms;
    },
    [Symbol.asyncDispose]: async () => {
      await receiver[Symbol.asyncDispose]();
      await core[Symbol.asyncDispose]();
    },
  };
};

export const statesOf = (deliveries: readonly Delivery[]): string[] =>
  deliveries.map(({ state }) => state);
