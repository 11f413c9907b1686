using System.Reflection;
using System.Runtime.InteropServices;
using Ballast.Mqtt.Native;

namespace Ballast.Mqtt;

/// <summary>Finds libmosquitto once per process.</summary>
public static class MosquittoLibrary
{
    // The bare .so belongs to the development package, so the versioned name comes first.
    private static readonly string[] Names = ["libmosquitto.so.1", "libmosquitto.1.dylib", "mosquitto.dll", "libmosquitto.so"];

    private static readonly Lazy<string?> Loaded = new(Load);

    private static nint _handle;

    /// <summary>Null if the library is loaded; otherwise a sentence that says what to install.</summary>
    public static string? Problem => Loaded.Value;

    /// <summary>Loads the first of <paramref name="names"/> that exists.</summary>
    internal static string? TryLoad(IEnumerable<string> names, out nint handle)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out handle))
            {
                return null;
            }
        }

        handle = 0;
        return "The MQTT library libmosquitto was not found. Install the Debian package libmosquitto1 "
            + "(apt-get install libmosquitto1), or the client library of Eclipse Mosquitto 2 on other systems.";
    }

    private static string? Load()
    {
        string? problem = TryLoad(Names, out _handle);
        if (problem is not null)
        {
            return problem;
        }

        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), Resolve);
        int rc = MosquittoNative.mosquitto_lib_init();
        return rc == MosquittoError.Success ? null : "libmosquitto could not be initialised (code " + rc + ").";
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
        => name == MosquittoNative.Library ? _handle : 0;
}
