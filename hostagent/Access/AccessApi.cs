using System.Text.Json;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Web;

namespace Ballast.Host.Access;

/// <summary>Who asks, as the API shows it.</summary>
/// <param name="Name">Name of the key, "local" on the host's own machine while there are no keys, or null for nobody.</param>
/// <param name="Role">viewer, operator, grid, admin, local, or null.</param>
/// <param name="Rights">read, lower, raise, abandon, operate, admin: those that are there.</param>
/// <param name="AuthRequired">True if this host asks for a key.</param>
internal sealed record MeView(string? Name, string? Role, IReadOnlyList<string> Rights, bool AuthRequired);

/// <summary>Body of a login.</summary>
/// <param name="Key">An API key.</param>
internal sealed record SessionBody(string Key);

/// <summary>An API key as the API shows it; never the key itself.</summary>
/// <param name="Id">Public part of the key.</param>
/// <param name="Name">Who or what uses it.</param>
/// <param name="Role">viewer, operator, grid or admin.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it ends, or null.</param>
/// <param name="LastUsed">Beginning of the hour in which it was last used, or null.</param>
internal sealed record ApiKeyView(string Id, string Name, string Role, DateTimeOffset Created, DateTimeOffset? Expires, DateTimeOffset? LastUsed)
{
    /// <summary>Right after it was made: the key. It is shown once and kept nowhere.</summary>
    public string? Key { get; init; }
}

/// <summary>Body of a new key.</summary>
/// <param name="Name">Who or what will use it; 1 to 40 of a-z, A-Z, 0-9, '-', '_', '.' and '@'.</param>
/// <param name="Role">viewer, operator, grid or admin.</param>
/// <param name="Days">Days until it expires, 1 to 3650; never if it is left out.</param>
internal sealed record ApiKeyBody(string Name, string Role, int? Days);

/// <summary>Logging in and out of the page, and API keys.</summary>
internal static class AccessApi
{
    internal static void Map(WebApplication app)
    {
        AccessDesk desk = app.Services.GetRequiredService<AccessDesk>();
        SiteOptions options = app.Services.GetRequiredService<SiteOptions>();
        HostCore core = app.Services.GetRequiredService<HostCore>();

        app.MapGet("/api/me", (HttpContext http) => Me(http.Features.Get<Identity>(), desk))
            .Open().WithName("me").WithSummary("Who you are to this host, and what you may do.");

        app.MapPost("/api/session", async (HttpRequest request) =>
            {
                (byte[] bytes, IResult? refusal) = await Body.Read(request);
                if (refusal is not null)
                {
                    return refusal;
                }

                RequestFault? fault = null;
                string key = Body.Flat(bytes, ["key"], out fault) is { } members ? Body.Text(members, "key", 200, ref fault) : "";
                if (fault is not null)
                {
                    return Api.Invalid(fault);
                }

                (IResult answer, Identity who) = LogIn(desk, request, key.Trim(), TimeSpan.FromHours(options.Http.SessionHours));
                return who.KeyId is null ? answer : await Written(core, request.HttpContext, "session.open", who.KeyId, answer, null, who: who);
            })
            .Open().Accepts<SessionBody>("application/json").Produces<MeView>().Problems(401, 413, 415, 422, 429)
            .WithName("logIn").WithSummary("Logs the page in with an API key: a cookie stands for it until the session ends, the key is revoked or you log out.");

        app.MapDelete("/api/session", async (HttpContext http) =>
            {
                Identity? who = http.Features.Get<Identity>();
                desk.Sessions.Close(http.Request.Cookies[desk.CookieOf(http.Request)]);
                http.Response.Cookies.Delete(desk.CookieOf(http.Request), Cookie(desk, http.Request, null));
                IResult answer = Results.Ok(Me(new Identity(WhoMayWhat.Nobody, null), desk));
                return who?.Cookie is null ? answer : await Written(core, http, "session.close", who.KeyId!, answer, null);
            })
            .Open().Produces<MeView>().WithMetadata(new ChangesNothing()).WithName("logOut").WithSummary("Ends the page's session.");

        app.MapGet("/api/apikeys", () => (IReadOnlyList<ApiKeyView>)[.. desk.Keys.All.OrderBy(k => k.Created).Select(k => View(desk, k))])
            .Needs(Rights.Admin).Problems(403)
            .WithName("apiKeys").WithSummary("All API keys, without the keys themselves.");

        app.MapPost("/api/apikeys", async (HttpRequest request) =>
            {
                (byte[] bytes, IResult? refusal) = await Body.Read(request);
                if (refusal is not null)
                {
                    return refusal;
                }

                IResult answer = Create(desk, bytes);
                return answer is IValueHttpResult { Value: ApiKeyView made } ? await Written(core, request.HttpContext, "apikey.create", made.Id, answer, made with { Key = null }) : answer;
            })
            .Needs(Rights.Admin).Accepts<ApiKeyBody>("application/json").Produces<ApiKeyView>(201).Problems(403, 409, 413, 415, 422)
            .WithName("createApiKey").WithSummary("Makes an API key and shows it once. The first one is made on the host's machine, with ballast apikey create.");

        app.MapDelete("/api/apikeys/{id}", async (string id, HttpContext http) =>
            {
                IResult answer = Revoke(desk, id);
                return answer is IValueHttpResult { Value: ApiKeyView gone } ? await Written(core, http, "apikey.revoke", gone.Id, answer, null, gone) : answer;
            })
            .Needs(Rights.Admin).Produces<ApiKeyView>().Problems(403, 404, 409)
            .WithName("revokeApiKey").WithSummary("Revokes an API key, by id or name, and every session that it opened. At once.");
    }

    private static async Task<IResult> Written(HostCore core, HttpContext http, string what, string target, IResult answer, object? after, object? before = null, Identity? who = null)
    {
        await core.Ask(c =>
        {
            AuditTrail.Write(c.Context.Journal, http, what, target, AuditTrail.StatusOf(answer), before: AuditTrail.Node(before), after: AuditTrail.Node(after), who: who);
            return true;
        });
        return answer;
    }

    private static MeView Me(Identity? who, AccessDesk desk)
    {
        Caller caller = who?.Caller ?? WhoMayWhat.Nobody;
        return new MeView(
            caller.Name.Length > 0 ? caller.Name : null,
            caller.Role.Length > 0 ? caller.Role : null,
            [.. Enum.GetValues<Rights>().Where(r => r is not (Rights.None or Rights.All) && caller.May(r)).OrderBy(r => r == Rights.Read ? 0 : (int)r).Select(r => r.ToString().ToLowerInvariant())],
            desk.KeysNeeded);
    }

    private static (IResult Answer, Identity Who) LogIn(AccessDesk desk, HttpRequest request, string key, TimeSpan length)
    {
        Identity who = desk.WithKey(key, request.HttpContext);
        if (who.KeyId is not { } id)
        {
            return (AccessHandler.Unknown(request.HttpContext, who), who);
        }

        if (!desk.MayLogIn(id))
        {
            request.HttpContext.Response.Headers.RetryAfter = "10";
            return (Api.Problem(429, "Too many sessions", "", "This key has logged in too often just now: go on with a session that it has, or try again in 10 s."), new Identity(WhoMayWhat.Nobody, null));
        }

        // Whoever logs in anew on the same browser leaves no session behind.
        desk.Sessions.Close(request.Cookies[desk.CookieOf(request)]);
        DateTimeOffset ends = desk.Time.GetUtcNow() + length;
        request.HttpContext.Response.Cookies.Append(desk.CookieOf(request), desk.Sessions.Open(id, ends), Cookie(desk, request, ends));
        return (Results.Ok(Me(who, desk)), who);
    }

    private static CookieOptions Cookie(AccessDesk desk, HttpRequest request, DateTimeOffset? ends)
        => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = desk.IsSecure(request), Path = "/", Expires = ends, IsEssential = true };

    private static IResult Create(AccessDesk desk, byte[] bytes)
    {
        RequestFault? fault = null;
        string name = "", role = "";
        int? days = null;
        if (Body.Flat(bytes, ["name", "role", "days"], out fault) is { } members)
        {
            name = Body.Text(members, "name", 40, ref fault);
            role = Body.Text(members, "role", 20, ref fault);
            if (members.TryGetValue("days", out JsonElement given) && given.ValueKind != JsonValueKind.Null)
            {
                days = given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out int number) ? number : 0;
            }
        }

        fault ??= ApiKeyFile.NameProblem(name) is { } problem ? new RequestFault("name", problem)
            : !AccessRoles.Names.ContainsKey(role) ? new RequestFault("role", "role is '" + role + "': use " + string.Join(", ", AccessRoles.Names.Keys) + ".")
            : days is < 1 or > 3650 ? new RequestFault("days", "days must be a whole number from 1 to 3650; leave it out for a key that does not expire.")
            : null;
        if (fault is not null)
        {
            return Api.Invalid(fault);
        }

        // The first one shuts the door behind it: only somebody with the host's folder may do that, no page that a browser here has open.
        if (!desk.Keys.Required)
        {
            return Api.Problem(409, "Conflict", "", "This host has no keys yet: make the first one on its machine with ballast apikey create, preferably with the role admin.");
        }

        try
        {
            DateTimeOffset now = desk.Time.GetUtcNow();
            ApiKey made = desk.Add(name, AccessRoles.Names[role], now, days is { } d ? now.AddDays(d) : null, out string text);
            return Results.Json(View(desk, made) with { Key = text }, statusCode: 201);
        }
        catch (IOException error)
        {
            return Api.Problem(409, "Conflict", "name", error.Message);
        }
    }

    private static IResult Revoke(AccessDesk desk, string id)
    {
        try
        {
            return desk.Remove(id) is { } gone
                ? Results.Ok(View(desk, gone))
                : Api.Problem(404, "No such key", "id", "There is no API key '" + id + "': GET /api/apikeys lists them.");
        }
        catch (IOException error)
        {
            return Api.Problem(409, "Conflict", "id", error.Message);
        }
    }

    private static ApiKeyView View(AccessDesk desk, ApiKey key) => new(key.Id, key.Name, AccessRoles.NameOf(key.Role), key.Created, key.Expires, desk.Use.Of(key.Id));
}
