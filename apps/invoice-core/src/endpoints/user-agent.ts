import invoiceCore from '../../package.json' with { type: 'json' };

export const userAgent = `Quittance/${invoiceCore.version} (+https://www.standardwebhooks.com)`;
