import 'kling-video-cover';
import type { CoverEventMap } from 'kling-video-cover';
import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import { getToken } from '../token.ts';

@Component({
  selector: 'app-panel',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <button (click)="isShown.set(!isShown())">{{ isShown() ? 'Remove' : 'Show' }}</button>
    <p>
      Balance: <output id="balance">{{ balance() }}</output>, finished: <output id="finished">{{ finished() }}</output>
    </p>
    @if (isShown()) {
      <kling-video-cover
        server="https://covers.example"
        preset="video-cover"
        [getToken]="getToken"
        (cover-completed)="onCompleted($event)"
        (balance-changed)="onBalance($event)"
      />
    }
  `,
})
export class Panel {
  readonly getToken = getToken;
  readonly isShown = signal(true);
  readonly balance = signal<number | undefined>(undefined);
  readonly finished = signal('');

  onCompleted(event: CoverEventMap['cover-completed']): void {
    this.finished.set(event.detail.job.id);
  }

  onBalance(event: CoverEventMap['balance-changed']): void {
    this.balance.set(event.detail.balance);
  }
}
