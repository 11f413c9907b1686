namespace Ballast.Hw.Asic.A1
{
    /// <summary>Reads and writes the one register of each chip.</summary>
    internal sealed class A1Registers
    {
        private readonly A1Link _link;
        private readonly A1Profile _profile;
        private readonly A1ChipState[] _chips;
        private readonly A1PllSetting _setting = new A1PllSetting();
        private int _at;

        public A1Registers(A1Link link, A1Profile profile, A1ChipState[] chips)
        {
            _link = link;
            _profile = profile;
            _chips = chips;
        }

        /// <summary>Of the last read: the PLL is locked, or the chip does not tell.</summary>
        public bool Locked => _profile.LockAt == 0 || (_link.Read[_at + _profile.LockAt] & 1) != 0;

        /// <summary>Of the last read: working cores.</summary>
        public int Cores => _link.Read[_at + _profile.CoresAt];

        /// <summary>Of the last read: 0 none, 1 one, 3 both slots busy; 2 makes no sense.</summary>
        public int QueueState => _link.Read[_at + _profile.QueueAt] & 3;

        /// <summary>Of the last read: ADC value, -1 if the chip has none.</summary>
        public int Adc => _profile.AdcAt == 0 ? -1 : (_link.Read[_at + _profile.AdcAt] << 8 | _link.Read[_at + _profile.AdcAt + 1]) & 0x3FF;

        /// <summary>Reads the register of a chip, counted from 0. False if no right reply came.</summary>
        public bool Read(int chip)
        {
            int reply = 2 + _profile.RegisterBytes + (_profile.HasCrc ? 2 : 0);
            int length = A1Frame.Plain(_link.Write, 0, A1Command.ReadRegister, chip + 1);
            int at = _link.Execute(length, chip + 1, _chips.Length, (int)A1Command.RegisterReply, reply);
            if (at < 0)
                return false;
            if ((_profile.HasCrc && !A1Frame.CrcIsRight(_link.Read, at, reply)) || (_link.Read[at + _profile.CoresAt] > _profile.Cores))
            {
                _link.GoodReplies--;
                _link.BadReplies++;
                return false;
            }

            _at = at;
            return true;
        }

        /// <summary>Sets the PLL of a chip (1 is the first) or of all (0). False if there was no echo.</summary>
        public bool WritePll(int chip, int khz, long nowMs)
        {
            if (!A1Pll.TryFind(_profile, khz, _setting))
                return false;
            int length = A1Frame.WriteRegister(_profile, _link.Write, 0, chip, _setting);
            if (_link.Execute(length, chip, _chips.Length, (int)A1Command.WriteRegister, 2) < 0)
                return false;
            int last = chip == 0 ? _chips.Length - 1 : chip - 1;
            for (int i = chip == 0 ? 0 : chip - 1; i <= last; i++)
            {
                _chips[i].Khz = khz;
                _chips[i].ChangedMs = nowMs;
            }

            return true;
        }

        /// <summary>True if the PLL can make a frequency of the profile's range to within 0.5 %.</summary>
        public bool CanRun(int khz)
        {
            if (khz < _profile.MinKhz || khz > _profile.MaxKhz || !A1Pll.TryFind(_profile, khz, _setting))
                return false;
            int error = _setting.ActualKhz - khz;
            return error <= khz / 200 && error >= -(khz / 200);
        }
    }
}
