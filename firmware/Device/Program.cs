using System;
using System.Device.Gpio;
using System.Diagnostics;
using System.Threading;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Power;
using Ballast.Firmware.Start;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Device
{
    /// <summary>Start-up of a board, and its two threads that matter: the control loop (here) and its supervisor.</summary>
    public static class Program
    {
        private const int StepMs = 20;
        private const int SayAgainMs = 10000;

        private static BoardAgent? _agent;

        /// <summary>Never returns: the control loop runs until the controller is restarted.</summary>
        public static void Main()
        {
            try
            {
                // S01: before Wi-Fi, before flash, before anything that can fail.
                GpioController gpio = new GpioController();
                SafeOutputs.FirstAct(gpio);
                DeviceSettings? settings = StartFile.Read(out string? reason);
                if (settings != null)
                {
                    SafeOutputs.Take(gpio, settings.Pins);
                    Run(gpio, settings, out reason);
                }

                Wait(reason);
            }
            catch (Exception e)
            {
                SafeOutputs.Stop("control loop", e.Message);
            }
        }

        /// <summary>Which board this is, is not known: outputs stay as the first act left them, until a person stores settings.</summary>
        private static void Wait(string? reason)
        {
            while (true)
            {
                SafeOutputs.MakeSafe();
                Debug.WriteLine(reason + "; outputs stay safe");
                Thread.Sleep(SayAgainMs);
            }
        }

        private static void Run(GpioController gpio, DeviceSettings settings, out string? reason)
        {
            DeviceClock clock = new DeviceClock();
            BoardIo io = BoardPorts.Open(gpio, settings.Pins, clock);
            Hashboard? board = Build(settings, io, out reason);
            if (board == null)
            {
                return;
            }

            PartStatus fans = board.Fans.Configure();
            if (fans != PartStatus.Ok)
            {
                // Power stays off: S02 asks for turning fans before the regulator.
                Debug.WriteLine("fan controller does not answer, status " + ((int)fans).ToString());
            }

            DeviceEntropy entropy = new DeviceEntropy();
            NameCache names = new NameCache();
            M2MqttLink link = new M2MqttLink(settings.Broker, board.Description, settings.Board.Enrolled, names, clock, entropy);
            Miner miner = Feed(settings.Board, board, names, clock, entropy);
            RestartFile.Read();
            if (RestartFile.Note.Found)
            {
                settings.Board.LastRestart = RestartFile.Note.Reason;
                settings.Board.LastRestartRule = RestartFile.Note.Rule;
            }

            new NetworkUp(settings.Network).Start();
            BoardAgent agent = new BoardAgent(settings.Board, board, link, miner, new FileStore(StartFile.Folder), clock, entropy);
            _agent = agent;
            RestartFile.Adopt(agent.Log);
            Say(agent, "started; last restart: " + RestartFile.Note.Reason);
            Say(agent, link.Why);
            DeviceUart? port = BoardPorts.OpenConsole(settings.Pins, clock);
            TechnicianConsole? console = port == null ? null : new TechnicianConsole(agent, new UartConsole(port), new DeviceNetwork(agent, settings.Network));
            if (settings.Network.HttpPort > 0)
            {
                new HttpPort(agent, settings.Network.HttpPort, NetworkUp.MacAddress(settings.Network.Ethernet), clock).Start();
            }

            NetworkSettings net = settings.Network;
            LanPort? lan = net.ConsolePassword.Length == 0 ? null : new LanPort(agent, net.ConsolePort, net.ConsolePassword);

            // Last before the loop: what comes before it is allowed to take its time with outputs safe.
            new Thread(Supervise) { Priority = ThreadPriority.Highest }.Start();
            Loop(agent, link, console, lan, BoardPorts.Output(gpio, settings.Pins.Watchdog), clock);
        }

        private static void Say(BoardAgent agent, string? text)
        {
            if (text != null)
            {
                Debug.WriteLine(text);
                agent.Log.Add(2, agent.Record.LogLevel, text, agent.NowMs);
            }
        }

        private static Hashboard? Build(DeviceSettings settings, BoardIo io, out string? reason)
        {
            reason = null;
            Hashboard? board = settings.Custom == null
                ? BoardCatalog.Create(settings.Model, io, 0)
                : CustomBoard.TryCreate(settings.Custom, io, 0, out reason);
            if (board != null && settings.Pins.Watchdog != BoardPins.None)
            {
                // Whoever wires one says so by naming its pin.
                board.Description.ExternalWatchdog = true;
            }

            return board;
        }

        private static void Loop(BoardAgent agent, M2MqttLink link, TechnicianConsole? console, LanPort? lan, IOutputPin? watchdog, DeviceClock clock)
        {
            WatchdogKick kick = new WatchdogKick();
            while (!agent.RebootRequested && !SafeOutputs.Stopping)
            {
                long begun = clock.NowMs;

                // S20: the link may only begin what may stall after a step in which the agent knew of it.
                bool asked = link.AsksQuiet;
                agent.KeepQuiet = asked;
                agent.Step();
                if (kick.Step(agent.Tick, agent.Failure != null) && watchdog != null)
                {
                    watchdog.Write(!watchdog.IsHigh);
                }

                console?.Step(begun);
                lan?.Step(begun);
                link.MayStall = asked && StallRule.IsQuiet(agent.Snapshot, agent.Record.FailsafeW);
                RestartFile.Step(begun);
                long rest = StepMs - (clock.NowMs - begun);

                // At least 1 ms: the other threads live from it.
                Thread.Sleep(rest < 1 ? 1 : (int)rest);
            }

            SafeOutputs.Stop(agent.Failure == null ? SafetyRule.None : SafetyRule.S01, agent.Failure ?? "a restart was asked for");
        }

        // S08: a control loop that hangs in managed code while other threads run.
        private static void Supervise()
        {
            try
            {
                TickWatch watch = new TickWatch();
                while (true)
                {
                    Thread.Sleep(TickWatch.EveryMs);
                    if (watch.Step(_agent!.Tick))
                    {
                        SafeOutputs.Stop(SafetyRule.S08, "no tick of the control loop in 5 runs of its supervisor");
                    }
                }
            }
            catch (Exception e)
            {
                SafeOutputs.Stop("supervisor", e.Message);
            }
        }

        private static Miner Feed(BoardSettings settings, Hashboard board, NameCache names, DeviceClock clock, DeviceEntropy entropy)
        {
            PoolSettings pools = new PoolSettings { MayBlockWhilePowered = StallRule.MayStallWhilePowered(board.Description) };
            for (int i = 0; i < settings.Pools.Length; i++)
            {
                PoolSetting pool = settings.Pools[i];
                if (!pools.TryAdd(pool.Url, pool.User, pool.Password, out string? reason))
                {
                    Debug.WriteLine("pool " + i.ToString() + " is left out: " + reason);
                }
            }

            PoolClient client = new PoolClient(pools, new SocketLink(names), clock, entropy, new SocketLink(names));
            return new Miner(client, board.Chain, clock, new MinerSettings());
        }
    }
}
