using System.Text;
using Ballast.Host.Keys;
using Ballast.Host.Tests.Sim;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Host.Tests.Keys;

/// <summary>Secrets at rest: what the file shows, and every way in which it or its key can be wrong.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SecretStoreTests : IDisposable
{
    private const string Secret = "a secret nobody may read";

    private readonly KeyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_stored_is_read_again_and_stands_nowhere_in_the_file()
    {
        _folder.Store().Update(s => s.With("mqtt", new NamedSecret(Secret, KeyFolder.Noon)).With(SecretSet.OfPod("p1"), KeyFolder.Ring(7, 1)));
        SecretSet read = SecretStore.Open(_folder.StoreFile, _folder.KeyFile).Current;
        Assert.Equal(Secret, read.Values["mqtt"].Value);
        Assert.Equal((7, ToySite.Key(1)), (read.Ring("pod/p1")!.Signing.Kid, read.Ring("pod/p1")!.Signing.Key));
        byte[] file = File.ReadAllBytes(_folder.StoreFile);
        Assert.Equal(-1, file.AsSpan().IndexOf(Encoding.ASCII.GetBytes("secret nobody")));
        Assert.Equal(-1, file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(ToySite.Key(1))));
        foreach (string path in (string[])[_folder.StoreFile, _folder.KeyFile])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void Every_flipped_byte_and_every_shorter_file_is_refused_with_a_sentence()
    {
        _folder.Store().Update(s => s.With("mqtt", new NamedSecret(Secret, KeyFolder.Noon)));
        byte[] good = File.ReadAllBytes(_folder.StoreFile);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= (byte)(1 << (i % 8));
            Refused(bad);
            Refused(good[..i]);
        }

        Refused([.. good, 0]);

        void Refused(byte[] file)
        {
            File.WriteAllBytes(_folder.StoreFile, file);
            Sentence(() => SecretStore.Open(_folder.StoreFile, _folder.KeyFile), _folder.StoreFile);
        }
    }

    [Fact]
    public void Another_key_opens_nothing_and_the_sentence_says_so()
    {
        _folder.Store();
        File.Delete(_folder.KeyFile);
        SecretKeyFile.Create(_folder.KeyFile);
        Assert.Contains("does not open with this key file", Sentence(() => SecretStore.Open(_folder.StoreFile, _folder.KeyFile), _folder.StoreFile), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void A_key_file_that_others_may_touch_is_refused(UnixFileMode extra)
    {
        _folder.Store();
        File.SetUnixFileMode(_folder.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | extra);
        Assert.Contains("chmod 600", Sentence(() => SecretStore.Open(_folder.StoreFile, _folder.KeyFile), _folder.KeyFile), StringComparison.Ordinal);
        File.SetUnixFileMode(_folder.KeyFile, UnixFileMode.UserRead);
        SecretStore.Open(_folder.StoreFile, _folder.KeyFile);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz000000000000000000000000000000000000000000000000000000000000zz")]
    public void A_key_file_with_something_else_in_it_is_refused(string text)
    {
        _folder.Store();
        File.WriteAllText(_folder.KeyFile, text);
        Assert.Contains("64 hex digits", Sentence(() => SecretStore.Open(_folder.StoreFile, _folder.KeyFile), _folder.KeyFile), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_key_file_is_not_replaced_by_a_new_key()
    {
        _folder.Store();
        File.Delete(_folder.KeyFile);
        Sentence(() => _folder.Store(), _folder.KeyFile);
        Assert.False(File.Exists(_folder.KeyFile));
    }

    [Fact]
    public void A_crash_between_draft_and_rename_leaves_the_old_store()
    {
        SecretStore store = _folder.Store();
        store.Update(s => s.With("mqtt", new NamedSecret(Secret, KeyFolder.Noon)));

        // What a crash leaves: a draft half written, with a mode that nobody chose.
        File.WriteAllText(_folder.StoreFile + ".new", "half");
        File.SetUnixFileMode(_folder.StoreFile + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Equal(Secret, SecretStore.Open(_folder.StoreFile, _folder.KeyFile).Current.Values["mqtt"].Value);
        store.Update(s => s.With("mqtt", new NamedSecret("new", KeyFolder.Noon)));
        Assert.Equal("new", SecretStore.Open(_folder.StoreFile, _folder.KeyFile).Current.Values["mqtt"].Value);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.StoreFile));
    }

    [Fact]
    public void A_store_that_cannot_be_written_stays_as_it_was()
    {
        SecretStore store = _folder.Store();
        store.Update(s => s.With("mqtt", new NamedSecret(Secret, KeyFolder.Noon)));

        // A folder in the draft's place stands for a full disk; it works for root too.
        Directory.CreateDirectory(_folder.StoreFile + ".new");
        Sentence(() => store.Update(s => s.With("mqtt", (NamedSecret?)null)), "cannot be written");
        Assert.Equal(Secret, store.Current.Values["mqtt"].Value);
        Assert.Equal(Secret, SecretStore.Open(_folder.StoreFile, _folder.KeyFile).Current.Values["mqtt"].Value);
    }

    [Fact]
    public void Two_programs_that_change_the_store_do_not_lose_each_others_change()
    {
        SecretStore host = _folder.Store();
        SecretStore tool = SecretStore.Open(_folder.StoreFile, _folder.KeyFile);
        tool.Update(s => s.With("smtp", new NamedSecret("t", KeyFolder.Noon)));
        host.Update(s => s.With("mqtt", new NamedSecret("h", KeyFolder.Noon)));
        Assert.Equal(["mqtt", "smtp"], SecretStore.Open(_folder.StoreFile, _folder.KeyFile).Current.Values.Keys.Order());
        using (new FileStream(_folder.StoreFile + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Sentence(() => host.Update(s => s with { }, patient: false), "another program");
        }
    }

    [Fact]
    public void Any_secret_comes_back_as_it_was_stored()
        => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20261122, 1),
            Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
            {
                // Half a character is no text in JSON.
                string value = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
                _folder.Store().Update(s => s.With("x", new NamedSecret(value, KeyFolder.Noon)));
                return SecretStore.Open(_folder.StoreFile, _folder.KeyFile).Current.Values["x"].Value == value;
            }));

    [Fact]
    public void Keys_and_secrets_do_not_show_in_texts()
    {
        Assert.DoesNotContain(ToySite.Key(1), KeyFolder.Ring(1, 1).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, new SecretSet().With("a", new NamedSecret(Secret, KeyFolder.Noon)).ToString() + new NamedSecret(Secret, KeyFolder.Noon), StringComparison.Ordinal);
    }

    private static string Sentence(Action act, string names)
    {
        string sentence = Assert.Throws<SecretException>(act).Message;
        Assert.Contains(names, sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence.TrimEnd('\''), StringComparison.Ordinal);
        return sentence;
    }
}
