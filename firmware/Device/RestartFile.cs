using System;
using System.Diagnostics;
using System.IO;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Power;
using Ballast.Firmware.Start;

namespace Ballast.Device
{
    /// <summary>The note that a controller leaves on the flash when it restarts itself. Written only with outputs safe.</summary>
    public static class RestartFile
    {
        private const string Path = StartFile.Folder + "restart.txt";

        private static readonly RestartNote _note = new RestartNote();
        private static LogRing _log = new LogRing();
        private static bool _removed;

        /// <summary>What the last run left.</summary>
        public static RestartNote Note
        {
            get { return _note; }
        }

        /// <summary>Reads the note of the last run.</summary>
        public static void Read()
        {
            byte[] bytes = new byte[RestartNote.MaxBytes];
            int count = FileStore.ReadFile(Path, bytes);
            if (count > 0)
            {
                _note.TryRead(bytes, count, _log);
            }

            Debug.WriteLine("last restart: " + _note.Reason);
        }

        /// <summary>Hands the last run's lines to the agent's log, which is what the next note takes.</summary>
        public static void Adopt(LogRing log)
        {
            for (int i = 0; i < _log.Count; i++)
            {
                log.Add(_log.Level(i), _log.Level(i), _log.Text(i), _log.AtMs(i));
            }

            _log = log;
        }

        /// <summary>Removes a note that has been told long enough; one flash write, called every turn of the loop.</summary>
        public static void Step(long nowMs)
        {
            if (_removed || !_note.Found || nowMs < RestartNote.KeepMs)
            {
                return;
            }

            _removed = true;
            try
            {
                File.Delete(Path);
            }
            catch (Exception e)
            {
                Debug.WriteLine("restart note stays: " + e.Message);
            }
        }

        /// <summary>Writes the note if there is something new to say; never throws.</summary>
        public static void Save(SafetyRule rule, string reason)
        {
            try
            {
                if (_note.MustWrite(rule, reason, Environment.TickCount64))
                {
                    byte[] bytes = new byte[RestartNote.MaxBytes];
                    int count = RestartNote.Write(rule, reason, _log, bytes);
                    using FileStream stream = new FileStream(Path, FileMode.Create, FileAccess.Write);
                    stream.Write(bytes, 0, count);
                    stream.Flush();
                }
            }
            catch (Exception e)
            {
                Debug.WriteLine("no restart note: " + e.Message);
            }
        }
    }
}
