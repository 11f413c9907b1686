namespace Ballast.Hw.Sim
{
    /// <summary>
    /// One body that heats and cools: heat capacity, and a conductance to its surroundings that grows with the fan's speed.
    /// Integers: stored heat in µJ, so that no heat is lost to rounding.
    /// </summary>
    public sealed class SimThermal
    {
        private readonly long _microJoulePerMilliC;
        private readonly int _stillMilliWattPerK;
        private readonly int _fullMilliWattPerK;
        private long _microJoule;

        /// <summary>Takes heat capacity in J/K and conductance in mW/K with the fan standing and at full speed.</summary>
        public SimThermal(int joulePerK, int stillMilliWattPerK, int fullMilliWattPerK, int startMilliC)
        {
            _microJoulePerMilliC = joulePerK * 1000L;
            _stillMilliWattPerK = stillMilliWattPerK;
            _fullMilliWattPerK = fullMilliWattPerK;
            _microJoule = startMilliC * _microJoulePerMilliC;
        }

        /// <summary>Temperature, m°C.</summary>
        public int MilliC => (int)(_microJoule / _microJoulePerMilliC);

        /// <summary>Adds heat (mW) and loses it to surroundings at a temperature (m°C) for some milliseconds, at most 1,000.</summary>
        public void Step(int heatMw, int surroundingsMilliC, int fanSpeedPercent, int elapsedMs)
        {
            int conductance = _stillMilliWattPerK + ((_fullMilliWattPerK - _stillMilliWattPerK) * fanSpeedPercent / 100);
            long lossMw = (long)conductance * (MilliC - surroundingsMilliC) / 1000;
            _microJoule += (heatMw - lossMw) * elapsedMs;
        }
    }
}
