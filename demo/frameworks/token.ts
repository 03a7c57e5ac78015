/** Asks the panel's own backend, which knows who is signed in. The widget calls it again whenever it needs a fresh token. */
export async function getToken(): Promise<string> {
  const answer = await fetch('/api/video-cover-token');
  const { token } = (await answer.json()) as { token: string };
  return token;
}
