import { randomUUID } from 'node:crypto';
import { request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { CanonicalProject } from '@quittance/contracts/canonical';
import { listen } from '@quittance/runtime';
import { atBitsby, type With } from './bitsby-under-test.ts';
import { type KillableHub, openKillableHub } from './killable-hub-under-test.ts';

const bitsbyKey = 'KilledBitsbyApiKey0001';

/** Where in a webhook of Bitsby's the hub is killed: its body half read, or answered with 200, of which Bitsby never hears. */
export type WebhookMoment = 'half way' | 'answered';

/** A hub that can be killed with live settings for Bitsby, which point at an emulator that outlives it. */
export interface KillableBitsby extends With<
  'gatewayUrl' | 'sandboxUrl' | 'bitsbyToken' | 'projectId'
> {
  hub: KillableHub;
  /** Makes the shop, at the hub and in Bitsby's panel. The hub has to be there. */
  openProject: () => Promise<void>;
  /** What Bitsby's panel has as the URL of webhooks, or nothing. */
  tellOfPayments: (told: boolean) => Promise<void>;
  /** How many webhooks of Bitsby's were answered by the hub, and Bitsby heard it. */
  taken: () => number;
  /** Kills the hub in the next webhook. */
  strikeOnWebhook: (moment: WebhookMoment) => void;
  /** Lets time pass at Bitsby, ms: the hub's clock stays. */
  advanceBitsby: (ms: number) => Promise<void>;
  close: () => Promise<void>;
}

/** What stands between Bitsby and the hub, and can kill the hub while a webhook passes. */
const openRelay = async (hub: KillableHub) => {
  let armed: WebhookMoment | undefined;
  let taken = 0;
  const server = await listen(
    (request, response) => {
      const moment = armed;
      armed = undefined;
      const cut = (): void => {
        hub.kill();
        request.socket.destroy();
      };
      void buffer(request).then((body) => {
        const { method = 'POST', headers } = request;
        const onward = send(`${hub.gatewayUrl}${request.url}`, { method, headers }, (answer) => {
          answer.resume();
          if (moment === 'answered') {
            cut();
            return;
          }
          taken += 1;
          response.writeHead(answer.statusCode ?? 500).end();
        });
        onward.once('error', () => request.socket.destroy());
        if (moment === 'half way') onward.write(body.subarray(0, body.length / 2), cut);
        else onward.end(body);
      });
    },
    { host: '127.0.0.1', port: 0 },
  );
  return {
    server,
    taken: () => taken,
    strikeOn: (moment: WebhookMoment) => {
      armed = moment;
    },
  };
};

export const openKillableBitsby = async (): Promise<KillableBitsby> => {
  const hub = await openKillableHub((sandboxUrl) => ({
    BITSBY_API_KEY: bitsbyKey,
    BITSBY_API_URL: sandboxUrl,
    BITSBY_PACE_MS: '20',
    BITSBY_PATIENCE_MS: '1000',
    BITSBY_TIMEOUT_MS: '1000',
    BITSBY_DOUBT_MS: '0',
  }));
  const relay = await openRelay(hub);
  const ref = randomUUID();
  const { gatewayUrl, sandboxUrl } = hub;
  const demo = { gatewayUrl, sandboxUrl, bitsbyToken: hub.apiKey, projectId: '' };
  let webhookPath = '';

  const tellOfPayments = async (told: boolean): Promise<void> => {
    await atBitsby({ demo }, 'PUT', `/projects/${ref}`, {
      apiKey: bitsbyKey,
      name: 'Shop',
      webhookUrl: told ? `${relay.server.url}${webhookPath}` : null,
      commissionPayer: 'seller',
    });
  };

  return {
    hub,
    demo,
    tellOfPayments,
    taken: relay.taken,
    strikeOnWebhook: relay.strikeOn,
    openProject: async () => {
      const body = { name: 'Shop', bitsby: { projectId: ref } };
      const answer = await hub.call('/v1/projects', { method: 'POST', body });
      const project = CanonicalProject.parse(await answer.json());
      demo.projectId = project.id;
      webhookPath = project.bitsby?.webhookPath ?? '';
      await tellOfPayments(true);
      await atBitsby({ demo }, 'PUT', '/settings', { rateLimit: false });
    },
    advanceBitsby: async (ms) => {
      await fetch(`${sandboxUrl}/_sandbox/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advance_ms: ms }),
      });
    },
    close: async () => {
      await hub.close();
      await relay.server.close();
    },
  };
};
