using Ballast.Hw.Boards;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Power
{
    /// <summary>Reads a board's sensors into the supervisor's inputs. Every status is looked at: a failed read is an invalid value, never an old one.</summary>
    public sealed class BoardSensors
    {
        private readonly Hashboard _board;
        private readonly BoardLimits _limits;

        /// <summary>Makes a reader; touches nothing.</summary>
        public BoardSensors(Hashboard board)
        {
            _board = board;
            _limits = board.Description.Limits;
        }

        /// <summary>Reads everything once.</summary>
        public void Read(SafetyInputs into)
        {
            PartStatus status = _board.ChipTemperature.ReadMilliC(_board.ChipTemperatureChannel, out int milliC);
            into.ChipValid = status == PartStatus.Ok && milliC >= _limits.PlausibleMinMilliC && milliC <= _limits.PlausibleMaxMilliC;
            into.ChipMilliC = milliC;
            into.RegulatorValid = _board.Regulator.Read(into.Regulator) == PartStatus.Ok;
            if (_board.Regulator.ReadFaults(out RegulatorFaults faults) == PartStatus.Ok)
            {
                into.Faults = faults;
            }
            else
            {
                into.RegulatorValid = false;
            }

            IFanController fans = _board.Fans;
            into.FanCount = fans.FanCount < SafetyInputs.MaxFans ? fans.FanCount : SafetyInputs.MaxFans;
            for (int i = 0; i < into.FanCount; i++)
            {
                into.FanRpm[i] = fans.ReadRpm(i, out int rpm) == PartStatus.Ok ? rpm : -1;
            }
        }
    }
}
