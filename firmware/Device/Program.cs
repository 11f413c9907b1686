using System;
using System.Device.Gpio;
using System.Diagnostics;
using System.Threading;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Hw.Boards;
using Ballast.Hw.Parts;
using nanoFramework.Runtime.Native;

namespace Ballast.Device
{
    /// <summary>Start-up of a Bitaxe Gamma, and its two threads that matter: the control loop (here) and its supervisor.</summary>
    public static class Program
    {
        private const int StepMs = 20;
        private const string Folder = "I:\\";
        private const string SettingsFile = "ballast.cfg";

        private static BoardAgent? _agent;

        /// <summary>Never returns: the control loop runs until the controller is restarted.</summary>
        public static void Main()
        {
            try
            {
                // S01: before Wi-Fi, before flash, before anything that can fail.
                GpioController gpio = new GpioController();
                SafeOutputs.Take(gpio, BitaxeGamma.EnableGpio, true, BitaxeGamma.ResetGpio);
                Run(gpio);
            }
            catch (Exception e)
            {
                SafeOutputs.Stop("control loop", e.Message);
            }
        }

        private static void Run(GpioController gpio)
        {
            DeviceClock clock = new DeviceClock();
            Hashboard board = BitaxeGamma.Create(GammaIo.Open(gpio, clock), 0);
            PartStatus fans = board.Fans.Configure();
            if (fans != PartStatus.Ok)
            {
                // Power stays off: S02 asks for turning fans before the regulator.
                Debug.WriteLine("fan controller does not answer, status " + ((int)fans).ToString());
            }

            DeviceSettings settings = Load();
            DeviceEntropy entropy = new DeviceEntropy();
            NameCache names = new NameCache();
            M2MqttLink link = new M2MqttLink(settings.Broker, names, clock, entropy, board.Description.ExternalWatchdog);
            Miner miner = Feed(settings.Board, board, names, clock, entropy);
            BoardAgent agent = new BoardAgent(settings.Board, board, link, miner, new FileStore(Folder), clock, entropy);
            _agent = agent;
            new Thread(Supervise) { Priority = ThreadPriority.Highest }.Start();
            WifiNetwork.Start();
            TechnicianConsole console = new TechnicianConsole(agent, new UartConsole(GammaIo.OpenConsole(clock)), new DeviceNetwork(agent));
            Loop(agent, settings.Board, link, console, clock);
        }

        private static void Loop(BoardAgent agent, BoardSettings settings, M2MqttLink link, TechnicianConsole console, DeviceClock clock)
        {
            while (!agent.RebootRequested)
            {
                long begun = clock.NowMs;
                agent.Step();
                console.Step(begun);
                link.MayStall = !agent.Snapshot.Powered || agent.Snapshot.EffectiveMw <= settings.FailsafeW * 1000;
                long rest = StepMs - (clock.NowMs - begun);

                // At least 1 ms: the other threads live from it.
                Thread.Sleep(rest < 1 ? 1 : (int)rest);
            }

            SafeOutputs.MakeSafe();
            Debug.WriteLine("restarting: " + (agent.Failure ?? "asked for"));
            Power.RebootDevice();
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
                        SafeOutputs.Stop("S08", "no tick of the control loop in 5 runs of its supervisor");
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
            PoolSettings pools = new PoolSettings { MayBlockWhilePowered = board.Description.ExternalWatchdog };
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

        /// <summary>Settings from flash. Without usable ones the board is standalone and asleep, and says why.</summary>
        private static DeviceSettings Load()
        {
            byte[] file = new byte[SettingsReader.MaxBytes + 1];
            int count = FileStore.ReadFile(Folder + SettingsFile, file);
            string? reason = count < 0 ? "it cannot be read" : count == 0 ? "there is none" : count > SettingsReader.MaxBytes ? "it is too long" : null;
            DeviceSettings? settings = null;
            if (reason == null)
            {
                settings = SettingsReader.TryRead(file, count, out reason);
            }

            if (settings == null)
            {
                Debug.WriteLine("settings file " + SettingsFile + ": " + reason + "; the board stays asleep");
                settings = new DeviceSettings();
                settings.Board.OwnPoint = 0;
            }
            else if (settings.Board.Pools.Length == 0)
            {
                // Without work, power would only make heat.
                settings.Board.OwnPoint = 0;
            }

            return settings;
        }
    }
}
