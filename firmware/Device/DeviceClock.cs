using System;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>Milliseconds since the controller started; the date is not used for anything here.</summary>
    public sealed class DeviceClock : IClock
    {
        /// <inheritdoc/>
        public long NowMs
        {
            get { return Environment.TickCount64; }
        }
    }
}
