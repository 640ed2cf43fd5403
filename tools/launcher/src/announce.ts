import { demoCredentialsFile } from './demo-credentials.ts';
import type { RunningHub } from './running-hub.ts';

const curl = (gatewayUrl: string, apiKey: string): string => `\
curl -X POST ${gatewayUrl}/v1/invoice/create \\
  -H 'Authorization: Bearer ${apiKey}' \\
  -H 'Content-Type: application/json' \\
  -d '{"provider":"stripe","item_type":"flight","item_id":1,"final_amount":20.50,"currency":"usd"}'`;

/** What a person at the terminal wants to know when the hub is up. */
export const announcement = (
  { gatewayUrl, sandboxUrl, demo }: RunningHub,
  dataDir: string,
): string => {
  const lines = ['Quittance is running.', '', `  gateway  ${gatewayUrl}`];
  if (sandboxUrl !== undefined) {
    lines.push(`  sandbox  ${sandboxUrl}/_sandbox  (every provider is emulated, no money moves)`);
  }
  if (demo) {
    const file = demoCredentialsFile(dataDir);
    lines.push('', 'Create an invoice:', '', curl(gatewayUrl, demo.apiKey), '');
    lines.push(`Pay it at ${sandboxUrl}/_sandbox. These credentials are also in ${file}.`);
  } else {
    lines.push('', 'Make an account and an API key with: npm run account -- --name "My shop"');
  }
  return `${lines.join('\n')}\n`;
};
