using Ballast.Host.Access;

namespace Ballast.Host.Tests.Access;

/// <summary>Keys as the host knows them: when they end, and what a damaged or removed file means.</summary>
public sealed class ApiKeyBookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-apikeys-").FullName;
    private readonly MovedClock _clock = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_opens_until_its_last_moment_and_its_sessions_end_with_it()
    {
        ApiKeyFile file = new(_folder);
        ApiKey key = file.Add("tso", AccessRole.Grid, _clock.Now, _clock.Now.AddDays(1), out string text);
        ApiKeyBook book = new(file, _clock);
        _clock.Now = key.Expires!.Value.AddTicks(-1);
        Assert.Equal(key.Id, book.Check(text, out _, out bool expired)?.Id);
        Assert.False(expired);
        Assert.NotNull(book.Find(key.Id));
        _clock.Now = key.Expires.Value;
        Assert.Null(book.Check(text, out _, out expired));
        Assert.True(expired);
        Assert.Null(book.Find(key.Id));
        Assert.True(book.Has(key.Id));
    }

    [Fact]
    public void Once_shut_the_door_stays_shut_when_the_file_is_damaged_or_gone()
    {
        ApiKeyFile file = new(_folder);
        ApiKeyBook book = new(file, _clock);
        Assert.False(book.Required);
        file.Add("a", AccessRole.Admin, _clock.Now, null, out string text);
        Assert.True(book.Required);
        File.WriteAllText(file.FullName, "{");
        Assert.Null(book.Check(text, out _, out _));
        Assert.True(book.Required);
        Assert.Contains("cannot be read", book.Problem, StringComparison.Ordinal);
        File.Delete(file.FullName);
        Assert.Empty(book.All);
        Assert.True(book.Required);

        // A host that starts with a damaged file is shut from the beginning.
        File.WriteAllText(file.FullName, "{");
        Assert.True(new ApiKeyBook(file, _clock).Required);
    }

    [Fact]
    public void A_hash_that_is_copied_to_another_entry_opens_nothing()
    {
        ApiKeyFile file = new(_folder);
        ApiKey one = file.Add("viewer", AccessRole.Viewer, _clock.Now, null, out string text);
        ApiKey admin = file.Add("admin", AccessRole.Admin, _clock.Now, null, out _);
        File.WriteAllText(file.FullName, File.ReadAllText(file.FullName).Replace(admin.Hash, one.Hash, StringComparison.Ordinal));
        ApiKeyBook book = new(file, _clock);
        Assert.Null(book.Check(text.Replace(one.Id, admin.Id, StringComparison.Ordinal), out _, out _));
        Assert.NotNull(book.Check(text, out _, out _));
    }
}
