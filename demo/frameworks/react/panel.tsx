import 'kling-video-cover';
import type {} from 'kling-video-cover/react';
import { useEffect, useState } from 'react';
import { getToken } from '../token.ts';

/**
 * On a server the tag is left out until the panel is mounted: React neither sets properties nor listens on a custom
 * element that it hydrates (facebook/react#35446, still so in 19.3.1, read 2026-11-20).
 */
export function Panel() {
  const [isShown, show] = useState(false);
  const [balance, setBalance] = useState<number>();
  const [finished, setFinished] = useState('');
  useEffect(() => show(true), []);
  return (
    <main>
      <button onClick={() => show(!isShown)}>{isShown ? 'Remove' : 'Show'}</button>
      <p>
        Balance: <output id="balance">{balance}</output>, finished: <output id="finished">{finished}</output>
      </p>
      {isShown && (
        <kling-video-cover
          server="https://covers.example"
          preset="video-cover"
          getToken={getToken}
          oncover-completed={(event) => setFinished(event.detail.job.id)}
          onbalance-changed={(event) => setBalance(event.detail.balance)}
        />
      )}
    </main>
  );
}
