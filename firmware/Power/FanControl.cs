using Ballast.Hw.Boards;

namespace Ballast.Firmware.Power
{
    /// <summary>
    /// Fan duty from the hottest valid temperature: proportional and integral on the distance from the target, derivative on the
    /// measurement, in integers. Noise is smoothed over some four readings; the cut limits look at the unsmoothed ones. The integral stops while the duty is at a bound (anti-windup); duty rises at once and falls slowly.
    /// </summary>
    public sealed class FanControl
    {
        /// <summary>Time between two evaluations, ms.</summary>
        public const int PeriodMs = 500;

        private const int PercentPerKelvin = 5;
        private const int IntegralPer1000Ks = 100;
        private const int DerivativeMilliPercentPerKelvin = 2000;
        private const int FallPerPeriod = 2;

        private readonly BoardLimits _limits;
        private long _nextMs;
        private long _integral;
        private int _lastMilliC;
        private int _smooth;
        private bool _hasLast;

        /// <summary>Makes a controller that asks for full duty until it has seen a temperature.</summary>
        public FanControl(BoardLimits limits)
        {
            _limits = limits;
            Percent = 100;
        }

        /// <summary>Duty asked for, %.</summary>
        public int Percent { get; private set; }

        /// <summary>Advances to now. An invalid temperature asks for full duty (S04).</summary>
        public void Step(long nowMs, bool valid, int milliC)
        {
            if (nowMs < _nextMs)
            {
                return;
            }

            _nextMs = nowMs + PeriodMs;
            if (!valid)
            {
                Percent = 100;
                _hasLast = false;
                return;
            }

            _smooth = _hasLast ? _smooth + ((milliC - _smooth) / 4) : milliC;
            milliC = _smooth;
            long error = milliC - _limits.ChipTargetMilliC;
            long slope = _hasLast ? (milliC - _lastMilliC) * (1000 / PeriodMs) : 0;
            _lastMilliC = milliC;
            _hasLast = true;

            // In units of 1/1000 % throughout.
            long proportional = error * PercentPerKelvin;
            long derivative = slope * DerivativeMilliPercentPerKelvin / 1000;
            long floor = _limits.FanFloorPercent * 1000L;
            long raw = floor + proportional + derivative + _integral;
            bool pushesOut = (raw >= 100000 && error > 0) || (raw <= floor && error < 0);
            if (!pushesOut)
            {
                _integral += error * IntegralPer1000Ks * PeriodMs / 1000 / 1000;
            }

            _integral = _integral < 0 ? 0 : _integral > 100000 ? 100000 : _integral;
            raw = floor + proportional + derivative + _integral;
            int wanted = raw >= 100000 ? 100 : raw <= floor ? _limits.FanFloorPercent : (int)((raw + 500) / 1000);
            Percent = wanted >= Percent ? wanted : Percent - FallPerPeriod > wanted ? Percent - FallPerPeriod : wanted;
        }

        /// <summary>Forgets the past: after power was off.</summary>
        public void Reset()
        {
            _integral = 0;
            _hasLast = false;
        }
    }
}
