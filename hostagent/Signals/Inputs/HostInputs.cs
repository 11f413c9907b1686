namespace Ballast.Host.Signals.Inputs;

/// <summary>Whether this build can reach lines and sensors: <c>-p:HostGpio=true</c> builds it with System.Device.Gpio and Iot.Device.Bindings.</summary>
public static class HostInputs
{
#if HOST_GPIO
    /// <summary>Null if it can; otherwise a sentence.</summary>
    public static string? Problem => null;

    /// <summary>The machine's own.</summary>
    public static IHostInputs Create() => new Gpio.GpioHostInputs();
#else
    /// <summary>Null if it can; otherwise a sentence.</summary>
    public static string? Problem => "This build cannot read lines and sensors of the machine: build the host with -p:HostGpio=true, or take contacts and sensors out of the configuration.";

    /// <summary>Only in a build that can.</summary>
    public static IHostInputs Create() => throw new HostInputException(Problem!);
#endif
}
