using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>A board from a description: checked against the chip's profile and the parts' ranges before anything is built from it.</summary>
    public static class CustomBoard
    {
        /// <summary>Most running points that the contract's ladder holds beside sleep.</summary>
        public const int MaxPoints = 31;

        /// <summary>Says what is wrong with a description and what to do, or null if a board can be built from it.</summary>
        public static string? Check(CustomBoardSettings s)
        {
            ChipProfile? chip = FindChip(s.Chip, 0);
            if (chip == null)
            {
                return "chip is \"" + s.Chip + "\": name a chip that has a profile (BM1397, BM1362, BM1366, BM1368, BM1370 or A1).";
            }

            string? reason = CheckChain(s, chip);
            if (reason == null)
            {
                reason = CheckParts(s);
            }

            if (reason == null)
            {
                reason = CheckLimits(s);
            }

            return reason ?? CheckLadder(s, chip);
        }

        /// <summary>The description of a board; null with the reason if <see cref="Check"/> refuses it.</summary>
        public static BoardDescription? TryDescribe(CustomBoardSettings s, int workShift, out string? reason)
        {
            reason = Check(s);
            if (reason != null)
            {
                return null;
            }

            ChipProfile chip = FindChip(s.Chip, workShift)!;
            OperatingPoint[] points = LadderModel.Points(s.FixedMw, s.ChipMicroWattPerV2Mhz, chip.SmallCores, s.Chips, s.FreqKhz, s.MilliVolts);
            BoardLimits limits = BoardKit.Limits(s.InputMinMilliVolts, s.InputMaxMilliVolts, s.CoreMinMilliVolts, s.CoreMaxMilliVolts, s.RailMaxMilliAmps * s.Domains);
            limits.ChipMaxMilliC = s.ChipMaxMilliC;
            limits.MinOffMs = s.MinOffMs;
            limits.ChipTargetMilliC = s.ChipMaxMilliC - 15000;
            return new BoardDescription
            {
                Model = s.Model,
                ChipCount = s.Chips,
                Chip = chip,
                Points = points,
                NominalPoint = points.Length - 1,
                FixedMw = s.FixedMw,
                Limits = limits,
                ExternalWatchdog = s.ExternalWatchdog,
                StallBoundMs = s.StallBoundMs,
                WhileControllerDead = s.WhileControllerDead,
            };
        }

        /// <summary>Puts the drivers together over the given buses and pins; null with the reason if the description or the buses do not do.</summary>
        public static Hashboard? TryCreate(CustomBoardSettings s, BoardIo io, int workShift, out string? reason)
        {
            BoardDescription? description = TryDescribe(s, workShift, out reason);
            if (description == null)
            {
                return null;
            }

            bool spi = description.Chip is A1Profile;
            // A TPS546 whose enable hangs on its input is switched by its OPERATION register alone, as on most of the Bitaxe family.
            bool enable = io.RegulatorEnable != null || s.Regulator == "tps546";
            if (io.I2c == null || io.AsicReset == null || (spi ? io.AsicSpi == null : io.AsicUart == null) || !enable)
            {
                reason = "The control board has no " + (spi ? "SPI" : "UART") + ", I2C, reset or enable line for this description: correct its pins.";
                return null;
            }

            Hashboard board = new Hashboard { Description = description, Io = io };
            if (spi)
            {
                board.Chain = new A1Chain((A1Profile)description.Chip, s.Chips, io.AsicSpi!, io.AsicReset);
            }
            else
            {
                board.Chain = new Bm13xxChain((Bm13xxProfile)description.Chip, s.Chips, io.AsicUart!, io.AsicReset, false, s.Domains > 1 ? s.Chips / s.Domains : 0);
            }

            AddFans(s, io, board);
            AddRegulator(s, io, board);
            return board;
        }

        private static void AddFans(CustomBoardSettings s, BoardIo io, Hashboard board)
        {
            if (s.FanController == "emc2302")
            {
                board.Fans = new Emc2302(io.I2c!, s.Fans, false);
            }
            else if (s.FanController == "emc2103")
            {
                Emc2103 part = new Emc2103(io.I2c!, false);
                board.Fans = part;
                board.ChipTemperature = new HottestOf(part, 0, 2);
            }
            else
            {
                Emc2101 part = new Emc2101(io.I2c!, s.Ideality, 0, 0);
                board.Fans = part;
                board.ChipTemperature = part;
            }

            if (s.Sensors.Length > 0)
            {
                board.ChipTemperature = new HottestOf(new Tmp1075(io.I2c!, s.Sensors, s.SensorOffsetMilliC), 0, s.Sensors.Length);
            }
        }

        private static void AddRegulator(CustomBoardSettings s, BoardIo io, Hashboard board)
        {
            switch (s.Regulator)
            {
                case "tps53647":
                    board.Regulator = new Tps53647(io.I2c!, Tps53647.DefaultAddress, new Tps53647Settings
                    {
                        VoutMinMilliVolts = s.CoreMinMilliVolts,
                        VoutMaxMilliVolts = s.CoreMaxMilliVolts,
                        Phases = s.Phases,
                        MaximumAmps = (s.RailMaxMilliAmps / 1000) + 5,
                        IoutOcFaultMilliAmps = s.RailMaxMilliAmps,
                    }, io.RegulatorEnable!, io.AuxiliaryEnable);
                    break;
                case "ds4432u":
                    board.Regulator = new TrimmedBuck(new Ds4432u(io.I2c!), new Ina260(io.I2c!), board.ChipTemperature, 0, io.RegulatorEnable!, s.EnableActiveHigh, new BoardSupplyLimits
                    {
                        InputMinMilliVolts = s.InputMinMilliVolts,
                        InputMaxMilliVolts = s.InputMaxMilliVolts,
                        InputMaxMilliWatts = (int)((long)s.RailMaxMilliAmps * s.CoreMaxMilliVolts / 900),
                        OutputMinMilliVolts = s.CoreMinMilliVolts,
                        OutputMaxMilliVolts = s.CoreMaxMilliVolts,
                    });
                    break;
                default:
                    board.Regulator = new Tps546(io.I2c!, Tps546.DefaultAddress, new Tps546Settings
                    {
                        VinOnMilliVolts = s.InputMinMilliVolts + 300,
                        VinOffMilliVolts = s.InputMinMilliVolts,
                        VinOvFaultMilliVolts = s.InputMaxMilliVolts,
                        VoutMinMilliVolts = s.CoreMinMilliVolts * s.Domains,
                        VoutMaxMilliVolts = s.CoreMaxMilliVolts * s.Domains,
                        ScaleLoopPermille = s.CoreMaxMilliVolts * s.Domains > 3000 ? 125 : 250,
                        IoutOcWarnMilliAmps = s.RailMaxMilliAmps,
                        IoutOcFaultMilliAmps = s.RailMaxMilliAmps + (s.RailMaxMilliAmps / 5),
                        TwoPhases = s.Phases == 2,
                        Domains = s.Domains,
                    }, io.RegulatorEnable, s.EnableActiveHigh);
                    break;
            }
        }

        private static string? CheckChain(CustomBoardSettings s, ChipProfile chip)
        {
            int most = chip is A1Profile ? A1Link.MaxChips : Bm13xxChain.MaxChips;
            if (s.Chips < 1 || s.Chips > most)
            {
                return "chips is " + s.Chips.ToString() + ": a chain of this type has 1 to " + most.ToString() + ".";
            }

            if (s.Domains < 1 || s.Chips % s.Domains != 0)
            {
                return "domains is " + s.Domains.ToString() + ": it must divide the number of chips, " + s.Chips.ToString() + ".";
            }

            if (s.Domains > 1 && s.Regulator != "tps546")
            {
                return "domains is " + s.Domains.ToString() + ": only a tps546 supplies domains in series; set domains to 1 or change regulator.";
            }

            return null;
        }

        private static string? CheckParts(CustomBoardSettings s)
        {
            if (s.Regulator != "tps546" && s.Regulator != "tps53647" && s.Regulator != "ds4432u")
            {
                return "regulator is \"" + s.Regulator + "\": name tps546, tps53647 or ds4432u.";
            }

            if (s.FanController != "emc2101" && s.FanController != "emc2103" && s.FanController != "emc2302")
            {
                return "fanController is \"" + s.FanController + "\": name emc2101, emc2103 or emc2302.";
            }

            if (s.Fans < 1 || s.Fans > (s.FanController == "emc2302" ? 2 : 1))
            {
                return "fans is " + s.Fans.ToString() + ": this controller has connectors for " + (s.FanController == "emc2302" ? "2" : "1") + ".";
            }

            if (s.FanController == "emc2302" && s.Sensors.Length == 0)
            {
                return "sensors is empty: an emc2302 measures no temperature, so name the TMP1075 beside the chips (rule S04).";
            }

            for (int i = 0; i < s.Sensors.Length; i++)
            {
                if (s.Sensors[i] < 0x48 || s.Sensors[i] > 0x4F)
                {
                    return "sensors holds the address " + s.Sensors[i].ToString() + ": a TMP1075 is at 72 to 79.";
                }
            }

            if (s.Phases < 1 || s.Phases > (s.Regulator == "tps53647" ? 6 : 2))
            {
                return "phases is " + s.Phases.ToString() + ": a tps53647 has 1 to 6, a tps546 1 or 2.";
            }

            return s.WhileControllerDead.Length > 0
                ? null
                : "whileControllerDead is missing: say what regulator, reset line and fans do while the controller is dead (rule S01).";
        }

        private static string? CheckLimits(CustomBoardSettings s)
        {
            if (s.InputMinMilliVolts < 4000 || s.InputMaxMilliVolts > 18000 || s.InputMinMilliVolts >= s.InputMaxMilliVolts)
            {
                return "inputMinMilliVolts and inputMaxMilliVolts must be a range inside 4000 to 18000.";
            }

            int low = s.Regulator == "tps53647" ? 1005 : 500;
            int high = s.Regulator == "tps53647" ? 1400 : s.Regulator == "ds4432u" ? Ds4432u.MaxMilliVolts : 5500 / s.Domains;
            if (s.CoreMinMilliVolts < low || s.CoreMaxMilliVolts > high || s.CoreMinMilliVolts >= s.CoreMaxMilliVolts)
            {
                return "coreMinMilliVolts and coreMaxMilliVolts must be a range inside " + low.ToString() + " to " + high.ToString() + " for this regulator.";
            }

            if (s.RailMaxMilliAmps < 1000 || s.RailMaxMilliAmps > 200000)
            {
                return "railMaxMilliAmps is " + s.RailMaxMilliAmps.ToString() + ": give the rail's highest current, 1000 to 200000.";
            }

            if (s.ChipMaxMilliC < 60000 || s.ChipMaxMilliC > 100000)
            {
                return "chipMaxMilliC is " + s.ChipMaxMilliC.ToString() + ": give 60000 to 100000.";
            }

            if (s.MinOffMs < 0 || s.MinOffMs > 3600000)
            {
                return "minOffMs is " + s.MinOffMs.ToString() + ": give 0 to 3600000.";
            }

            return s.FixedMw > 0 && s.FixedMw <= 200000 && s.ChipMicroWattPerV2Mhz > 0 && s.ChipMicroWattPerV2Mhz <= 1000000
                ? null
                : "fixedMw must be 1 to 200000 and chipMicroWattPerV2Mhz 1 to 1000000: they are the power model of the ladder.";
        }

        private static string? CheckLadder(CustomBoardSettings s, ChipProfile chip)
        {
            int count = s.FreqKhz.Length;
            if (count < 1 || count > MaxPoints || s.MilliVolts.Length != count)
            {
                return "freqKhz and milliVolts must be as long as each other, 1 to " + MaxPoints.ToString() + " points.";
            }

            for (int i = 0; i < count; i++)
            {
                if (s.FreqKhz[i] < chip.MinKhz || s.FreqKhz[i] > chip.MaxKhz)
                {
                    return "freqKhz holds " + s.FreqKhz[i].ToString() + ": a " + chip.Name + " runs at " + chip.MinKhz.ToString() + " to " + chip.MaxKhz.ToString() + ".";
                }

                if (s.MilliVolts[i] < s.CoreMinMilliVolts || s.MilliVolts[i] > s.CoreMaxMilliVolts)
                {
                    return "milliVolts holds " + s.MilliVolts[i].ToString() + ": it must be inside coreMinMilliVolts and coreMaxMilliVolts.";
                }

                if (i > 0 && (s.FreqKhz[i] <= s.FreqKhz[i - 1] || s.MilliVolts[i] < s.MilliVolts[i - 1]))
                {
                    return "freqKhz must rise from point to point, and milliVolts must not fall: correct point " + (i + 1).ToString() + ".";
                }
            }

            // Current at the top point, from the power model, must stay below the rail's limit.
            long milliWatts = (long)s.Chips * LadderModel.ChipMw(s.ChipMicroWattPerV2Mhz, s.MilliVolts[count - 1], s.FreqKhz[count - 1]);
            long milliAmps = milliWatts * 1000 / (s.MilliVolts[count - 1] * s.Domains);
            return milliAmps <= s.RailMaxMilliAmps
                ? null
                : "The top point draws about " + milliAmps.ToString() + " mA by the power model: lower it or raise railMaxMilliAmps.";
        }

        private static ChipProfile? FindChip(string name, int workShift)
        {
            if (name == "A1")
            {
                return ChipA1.Create(workShift, 16000);
            }

            return Bm13xxChips.Find(name, workShift);
        }
    }
}
