using System.Security.Cryptography;
using Ballast.Host.Ledger;

namespace Ballast.Host.Keys;

/// <summary>
/// The store on the disk: mark (16 bytes), nonce (12), tag (16), then the content under AES-256-GCM. The tag covers everything, mark and
/// nonce included, so no byte can change unseen. Each write has a new nonce and replaces the file as a whole.
/// </summary>
internal static class SecretFile
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int LargestFile = 64 * 1024 * 1024;

    private static ReadOnlySpan<byte> Mark => "ballast-secrets1"u8;

    /// <summary>Reads and decrypts.</summary>
    /// <exception cref="SecretException">It cannot be read, is damaged, or belongs to another key.</exception>
    internal static byte[] Read(string path, byte[] key)
    {
        byte[] file;
        try
        {
            if (new FileInfo(path).Length > LargestFile)
            {
                throw new SecretException("'" + path + "' is no secret store: name the right file as secrets.file.");
            }

            file = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SecretException("The secret store '" + path + "' cannot be read (" + error.Message + "): it must belong to the user that runs this program.", error);
        }

        int head = Mark.Length + NonceSize + TagSize;
        if (file.Length < head || !file.AsSpan().StartsWith(Mark))
        {
            throw new SecretException("'" + path + "' is no secret store, or its first bytes are damaged: restore it from a backup, or name the right file as secrets.file.");
        }

        byte[] content = new byte[file.Length - head];
        try
        {
            using AesGcm cipher = new(key, TagSize);
            cipher.Decrypt(file.AsSpan(Mark.Length, NonceSize), file.AsSpan(head), file.AsSpan(Mark.Length + NonceSize, TagSize), content, Mark);
            return content;
        }
        catch (CryptographicException error)
        {
            throw new SecretException("The secret store '" + path + "' does not open with this key file: the key belongs to another store, or the file is damaged; restore the two that belong together.", error);
        }
    }

    /// <summary>Encrypts and replaces.</summary>
    /// <exception cref="SecretException">It cannot be written; the old one is as it was.</exception>
    internal static void Write(string path, byte[] key, ReadOnlySpan<byte> content)
    {
        int head = Mark.Length + NonceSize + TagSize;
        byte[] file = new byte[head + content.Length];
        Mark.CopyTo(file);
        RandomNumberGenerator.Fill(file.AsSpan(Mark.Length, NonceSize));
        using AesGcm cipher = new(key, TagSize);
        cipher.Encrypt(file.AsSpan(Mark.Length, NonceSize), content, file.AsSpan(head), file.AsSpan(Mark.Length + NonceSize, TagSize), Mark);
        try
        {
            DurableFile.Write(path, file, ownerOnly: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SecretException("The secret store '" + path + "' cannot be written (" + error.Message + "): free disk space, or make its folder writable for this user. Nothing was changed.", error);
        }
    }
}
