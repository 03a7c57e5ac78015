import { expect } from '@open-wc/testing';
import { ApiError, asApiError } from './api-error.ts';

describe('faults as API errors', () => {
  it('an error of the other bundle keeps its code and status', async () => {
    const other = (await import(`./api-error.ts?bundle=2` as string)) as { ApiError: typeof ApiError };
    const fault = new other.ApiError('text_refused', { status: 422 });
    expect(fault).not.to.be.instanceOf(ApiError);
    expect(asApiError(fault)).to.equal(fault);
  });

  it('anything else is a broken connection', () => {
    expect(asApiError(new TypeError('Failed to fetch')).code).to.equal('network');
    expect(asApiError(undefined).status).to.equal(0);
  });
});
