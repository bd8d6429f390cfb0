import { TotpDevice } from '../../../sandbox/login';

describe('TotpDevice', () => {
  const SECRET = '12345678901234567890';

  beforeEach(() => jest.useFakeTimers({ now: 59_000 }));
  afterEach(() => jest.useRealTimers());

  test('shows the code of RFC 6238, appendix B', () => {
    expect(new TotpDevice(SECRET, { digits: 8 }).now()).toBe('94287082');
  });

  test('gives each code of the window once, the one that leaves it first last, and then waits for the next period', async () => {
    const device = new TotpDevice(SECRET);
    const given = [await device.next(), await device.next(), await device.next()];
    expect(given[0]).toBe(device.now());
    expect(new Set(given).size).toBe(3);
    const fourth = device.next();
    await jest.advanceTimersByTimeAsync(1_200);
    expect(given).not.toContain(await fourth);
  });

  test('knows an expired code, which was valid two periods ago', async () => {
    const device = new TotpDevice(SECRET, { lookAround: 0 });
    jest.setSystemTime(600_000);
    const then = device.now();
    jest.setSystemTime(660_000);
    expect(device.expired()).toBe(then);
  });

  test('never takes a code of the window for a wrong one', async () => {
    const device = new TotpDevice(SECRET, { digits: 1 });
    const right = [await device.next(), await device.next(), await device.next()];
    for (let count = 0; count < 100; count++) expect(right).not.toContain(device.wrong());
  });
});
