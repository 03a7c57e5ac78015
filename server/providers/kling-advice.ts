/**
 * What an operator should do about a refusal, by business code. The meanings are those of Kling's error code page
 * (captured 2026-09-20); that a key of one region is unknown in the other was measured 2026-08.
 */
const adviceByCode: Readonly<Record<number, string>> = {
  1000: 'Check the credentials in the Kling console.',
  1001: 'The Authorization header did not arrive: look for a proxy on the way that removes it.',
  1002:
    'Check that the key was copied whole and is still active in the Kling console. A key works in one region only: ' +
    'KLING_API_BASE=https://api-singapore.klingai.com, or https://api-beijing.klingai.com for an account of mainland China.',
  1003: "Kling takes the token to be from the future: set this machine's clock (NTP).",
  1004: "Kling takes the token to be old: set this machine's clock (NTP).",
  1100: 'Something is wrong with the account itself: look into the Kling console or ask their support.',
  1101: 'The account is in arrears: top it up in the Kling console.',
  1102: 'The resource pack is used up or expired: buy another one in the Kling console.',
  1103: 'The account has no permission for this API: enable it in the Kling console or ask their support.',
  1302: 'Kling was asked too often: run this check again in a minute.',
  1303: 'Every slot of the resource pack is taken: run this check again in a minute.',
  1304: "This machine's public IP address is not on the account's allow list: add it in the Kling console.",
  5000: 'Kling has an internal fault: try again later.',
  5001: 'Kling is under maintenance: try again later.',
  5002: 'Kling is overloaded: try again later.',
};

/** A sentence that says what to do about an error code of Kling. */
export function adviseOnCode(code: number): string {
  return adviceByCode[code] ?? 'This was not expected; try again later and report it if it stays.';
}

/** A sentence that says what to do when no answer came; `errorCode` is Node's or undici's, such as ENOTFOUND. */
export function adviseOnFault(errorCode: string | null, host: string): string {
  if (errorCode === 'ENOTFOUND' || errorCode === 'EAI_AGAIN') {
    return `The name ${host} was not found: check KLING_API_BASE and this machine's DNS.`;
  }
  if (errorCode === 'ECONNREFUSED') return `Nobody listens at ${host}: check host and port in KLING_API_BASE.`;
  if (errorCode && /TIMEOUT|TIMEDOUT|UNREACH/.test(errorCode)) {
    return `${host} was not reached: check the firewall for outgoing HTTPS, and whether this network needs a proxy.`;
  }
  if (errorCode && /CERT|TLS|SSL|EPROTO|UNABLE_TO/.test(errorCode)) {
    return `No trusted TLS connection to ${host}: check the clock, the system certificates, and proxies that open TLS.`;
  }
  return `No answer from ${host}: check KLING_API_BASE and the network.`;
}
