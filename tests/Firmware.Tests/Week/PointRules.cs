namespace Ballast.Firmware.Tests.Week;

/// <summary>
/// S09 to S12, S15: the chips' true clock against what the reference allows. A lower limit has until its deadline to be met; a board
/// never climbs above what is allowed now.
/// </summary>
internal sealed class PointRules(int[] freqKhz)
{
    /// <summary>Most that a chip's clock may rise in 100 ms, kHz (S15).</summary>
    public const int RiseKhz = 6250;

    private readonly List<(int Point, long DeadlineMs, bool MayWait)> _falls = [];
    private int _allowed;
    private int _bound;
    private int _lastKhz;
    private long _deadlineMs;
    private long _lastMs;
    private long _steadySinceMs;
    private long _changedMs;
    private int _before;

    /// <summary>Falls that a board had to make while it ran above.</summary>
    public int FallsMet { get; private set; }

    /// <summary>Power went off and on again, or the controller restarted: the clock starts anew.</summary>
    public void Restart(int allowed)
    {
        _falls.Clear();
        _allowed = allowed;
        _bound = allowed;
        _lastKhz = 0;
    }

    /// <summary>True if the chips have run steadily faster than a point: the board means it, and is not on its way down.</summary>
    public bool RunsAbove(int point) => _lastKhz > freqKhz[point] && _lastMs - _steadySinceMs >= 10_000;

    /// <summary>What is allowed now, and how long a fall to it may take.</summary>
    public void Allow(int allowed, long nowMs, long fallMs)
    {
        if (allowed < _allowed)
        {
            // A later order of the economic class may take its own time over what an earlier one of that class began; nothing else is put off.
            bool mayWait = fallMs >= 4000;
            long deadline = nowMs + fallMs;
            for (int i = 0; mayWait && i < _falls.Count; i++)
                if (_falls[i].MayWait && _falls[i].DeadlineMs < deadline)
                    _falls[i] = (_falls[i].Point, deadline, true);
            _falls.Add((allowed, deadline, mayWait));
        }
        else if (allowed > _allowed)
        {
            _bound = Math.Max(_bound, allowed);
            for (int i = 0; i < _falls.Count; i++)
                _falls[i] = (Math.Max(_falls[i].Point, allowed), _falls[i].DeadlineMs, _falls[i].MayWait);
        }

        if (allowed != _allowed)
            (_before, _changedMs) = (_allowed, nowMs);
        _allowed = allowed;
    }

    /// <summary>Checks the clock at the end of a step; <paramref name="khz"/> is 0 without power. A noisy wire loses settings, so that two steps can become one.</summary>
    public void Check(long nowMs, int khz, bool powered, bool noisyWire)
    {
        for (int i = _falls.Count - 1; i >= 0; i--)
        {
            if (nowMs <= _falls[i].DeadlineMs)
                continue;
            FallsMet++;
            _deadlineMs = _falls[i].DeadlineMs;
            _bound = Math.Min(_bound, _falls[i].Point);
            _falls.RemoveAt(i);
        }

        if (khz > freqKhz[_bound] || (_bound == 0 && powered))
            throw new RuleBrokenException("S12", $"{khz} kHz{(powered ? " and power" : "")}, allowed {freqKhz[_bound]} kHz (point {_bound}) by {nowMs - _deadlineMs} ms ago");
        // What was on the wire when the order came still arrives.
        int most = freqKhz[nowMs - _changedMs <= 40 ? Math.Max(_before, _allowed) : _allowed];
        if (khz > _lastKhz && khz > most)
            throw new RuleBrokenException("S12", $"the clock rises from {_lastKhz} to {khz} kHz, allowed {most} kHz (point {_allowed})");
        long hundreds = Math.Max(1, (nowMs - _lastMs + 99) / 100);
        if (_lastKhz > 0 && !noisyWire && khz - _lastKhz > RiseKhz * hundreds)
            throw new RuleBrokenException("S15", $"the clock rises from {_lastKhz} to {khz} kHz in {nowMs - _lastMs} ms");
        _steadySinceMs = khz == _lastKhz ? _steadySinceMs : nowMs;
        _lastKhz = khz;
        _lastMs = nowMs;
    }
}
