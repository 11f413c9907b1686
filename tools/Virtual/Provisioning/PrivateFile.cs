using System.Text;

namespace Ballast.Virtual.Provisioning;

/// <summary>Files with secrets: only their owner may read them, from the first byte on.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Writes a file beside its final place and moves it there, so that nobody ever sees half of it or the rights of an older one.</summary>
    /// <exception cref="IOException">It cannot be written, or is there and must not be replaced.</exception>
    public static void Write(string path, string text, bool replace)
    {
        string fresh = path + ".new";
        File.Delete(fresh);
        using (var file = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            file.Write(Encoding.UTF8.GetBytes(text));
        File.Move(fresh, path, replace);
    }

    /// <summary>True if others than its owner may read or write a file.</summary>
    public static bool IsShared(string path) => (File.GetUnixFileMode(path) & Others) != 0;
}
