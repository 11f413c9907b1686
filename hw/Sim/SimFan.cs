namespace Ballast.Hw.Sim
{
    /// <summary>A four-wire fan: speed follows duty with inertia, power follows speed.</summary>
    public sealed class SimFan
    {
        private const int SlowestPercent = 8;
        private const int TimeConstantMs = 1200;

        private readonly int _fullRpm;
        private readonly int _fullMilliWatt;
        private long _milliRpm;

        /// <summary>Takes speed and power at full duty.</summary>
        public SimFan(int fullRpm, int fullMilliWatt)
        {
            _fullRpm = fullRpm;
            _fullMilliWatt = fullMilliWatt;
        }

        /// <summary>Fault: the rotor is blocked.</summary>
        public bool Stuck { get; set; }

        /// <summary>Fault: no fan is plugged in.</summary>
        public bool Missing { get; set; }

        /// <summary>Speed, rpm.</summary>
        public int Rpm => (int)(_milliRpm / 1000);

        /// <summary>Speed in percent of full.</summary>
        public int SpeedPercent => (int)(_milliRpm / 10 / _fullRpm);

        /// <summary>Electrical power, mW: with the square of speed, and a little for a blocked rotor.</summary>
        public int PowerMw { get; private set; }

        /// <summary>Moves on by some milliseconds at a duty of 0…100 %.</summary>
        public void Step(int dutyPercent, int elapsedMs)
        {
            bool turns = !Stuck && !Missing && dutyPercent >= SlowestPercent;
            long target = turns ? (long)_fullRpm * 10 * dutyPercent : 0;
            long share = elapsedMs >= TimeConstantMs ? 1000 : (long)elapsedMs * 1000 / TimeConstantMs;
            _milliRpm += (target - _milliRpm) * share / 1000;
            if (_milliRpm < 1000 && target == 0)
            {
                _milliRpm = 0;
            }

            int speed = SpeedPercent;
            PowerMw = Missing ? 0 : Stuck && dutyPercent > 0 ? _fullMilliWatt / 5 : _fullMilliWatt * speed / 100 * speed / 100;
        }
    }
}
