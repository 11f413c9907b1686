namespace Ballast.Hw.Bus
{
    /// <summary>One digital output. The level is the electrical one: a board file knows which level is safe.</summary>
    public interface IOutputPin
    {
        /// <summary>The level last written.</summary>
        bool IsHigh { get; }

        /// <summary>Drives the pin high or low.</summary>
        void Write(bool high);
    }

    /// <summary>One digital input.</summary>
    public interface IInputPin
    {
        /// <summary>The electrical level now.</summary>
        bool IsHigh { get; }
    }
}
