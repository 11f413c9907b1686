using Ballast.Host.Options;
using Ballast.Host.Signals.Inputs;

namespace Ballast.Host.Tests.Signals;

/// <summary>Lines and sensors that a test sets.</summary>
internal sealed class FakeInputs : IHostInputs
{
    internal Dictionary<string, FakeLine> Lines { get; } = [];

    internal Dictionary<string, FakeSensor> Sensors { get; } = [];

    public IContactLine OpenLine(ContactSection contact, Action edge) => Lines[contact.Id] = new FakeLine(edge);

    public ISensor OpenSensor(SensorSection sensor) => Sensors[sensor.Id] = new FakeSensor();

    public void Dispose()
    {
    }

    internal sealed class FakeLine(Action edge) : IContactLine
    {
        private bool? _high = false;

        /// <summary>Sets the level; a change is an edge.</summary>
        internal bool? High
        {
            get => _high;
            set
            {
                bool changed = value != _high;
                _high = value;
                if (changed)
                {
                    edge();
                }
            }
        }

        public bool? ReadHigh() => _high;
    }

    internal sealed class FakeSensor : ISensor
    {
        internal SensorReading Reading { get; set; } = new(20, null);

        public SensorReading Read() => Reading;
    }
}
