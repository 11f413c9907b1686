using System.Net;
using System.Security.Authentication;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ballast.Host.Access;

/// <summary>Right that an endpoint needs before it looks at the request.</summary>
/// <param name="Right">The right.</param>
/// <param name="OrHere">True: callers on this machine need none.</param>
internal sealed record NeedsRight(Rights Right, bool OrHere = false) : IAuthorizationRequirement;

/// <summary>Puts the door into the web server: authentication by <see cref="AccessHandler"/>, authorization by the right that each endpoint names.</summary>
internal static class AccessSetup
{
    internal static void Add(WebApplicationBuilder builder, SiteOptions options, TimeProvider time)
    {
        builder.Services.AddSingleton<AccessDesk>();
        builder.Services.AddSingleton<OpenRequests>();
        builder.Services.AddSingleton(new ConnectionGate(options.Http.TlsProxies));
        builder.Services.AddSingleton<RefusalTrail>();
        builder.Services.AddHostedService<AccessService>();
        builder.Services.AddAuthentication(AccessHandler.Name).AddScheme<AuthenticationSchemeOptions, AccessHandler>(AccessHandler.Name, null);
        builder.Services.AddSingleton<IAuthorizationHandler, RightHandler>();
        builder.Services.AddAuthorization(authorization => authorization.FallbackPolicy = new AuthorizationPolicyBuilder().AddRequirements(new UndeclaredRight()).Build());
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (string proxy in options.Http.TlsProxies)
            {
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
            }
        });
        if (options.Http.CertificateFile is not null)
        {
            builder.Services.AddSingleton(new WebCertificate(options.Http, time));
        }

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Limit);
    }

    internal static void Use(WebApplication app)
    {
        HttpSection options = app.Services.GetRequiredService<SiteOptions>().Http;
        OpenRequests open = app.Services.GetRequiredService<OpenRequests>();
        if (options.TlsProxies.Count > 0)
        {
            HashSet<IPAddress> proxies = [.. options.TlsProxies.Select(IPAddress.Parse)];
            app.Use(next => http => BrowserGuard.ProxyOnly(http, next, proxies));
            app.UseForwardedHeaders();
        }

        app.UseAuthentication();
        app.Use(next => http => BrowserGuard.SameSite(http, next, options));
        app.UseAuthorization();
        app.Use(next => http => open.Watch(http, next));
        HostCore core = app.Services.GetRequiredService<HostCore>();
        app.Use(next => http => AuditTrail.Catch(http, next, core));
    }

    // What a stranger can make the server hold before it knows who he is.
    private static void Limit(WebHostBuilderContext context, KestrelServerOptions server)
    {
        _ = context;
        server.AddServerHeader = false;
        server.Limits.MaxRequestLineSize = 4096;
        server.Limits.MaxRequestHeaderCount = 64;
        server.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        server.Limits.Http2.MaxStreamsPerConnection = 32;
        ConnectionGate gate = server.ApplicationServices.GetRequiredService<ConnectionGate>();
        server.ConfigureEndpointDefaults(listen => listen.Use(next => connection => gate.Serve(connection, next)));
        server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(90);
        server.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 500, gracePeriod: TimeSpan.FromSeconds(5));
        if (server.ApplicationServices.GetService<WebCertificate>() is { } certificate)
        {
            server.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.ServerCertificateSelector = (_, _) => certificate.Current().TargetCertificate;

                // The selector alone would send the certificate without its chain.
                https.OnAuthenticate = (_, tls) =>
                {
                    tls.ServerCertificateSelectionCallback = null;
                    tls.ServerCertificateContext = certificate.Current();
                };
            });
        }
    }

    /// <summary>Says which right an operation needs; whoever has it not gets 401 or 403 before the body is read.</summary>
    internal static RouteHandlerBuilder Needs(this RouteHandlerBuilder builder, Rights right)
        => Needs(builder, new NeedsRight(right));

    /// <summary>The same, but callers on this machine need no key.</summary>
    internal static RouteHandlerBuilder NeedsUnlessHere(this RouteHandlerBuilder builder, Rights right)
        => Needs(builder, new NeedsRight(right, OrHere: true));

    /// <summary>Says that everybody may ask: health, the page's files, logging in.</summary>
    internal static TBuilder Open<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.AllowAnonymous();

    /// <summary>Right that the endpoint of a request names; of one that names none, what the host asks for.</summary>
    internal static Rights NeededBy(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<NeedsRight>()?.Right ?? UndeclaredRight.Of(context);

    private static RouteHandlerBuilder Needs(RouteHandlerBuilder builder, NeedsRight right)
        => builder.RequireAuthorization(policy => policy.AddRequirements(right)).WithMetadata(right).ProducesProblem(401).AddEndpointFilter(RefusalTrail.Listen);

    // An endpoint that names no right is none of the interface's: files may be fetched, changes are for admins.
    private sealed class UndeclaredRight : IAuthorizationRequirement
    {
        internal static Rights Of(HttpContext context)
            => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? Rights.Read : Rights.Admin;

        internal static bool IsOpen(HttpContext context)
            => (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
                && !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !context.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase);
    }

    private sealed class RightHandler(AccessDesk desk) : IAuthorizationHandler
    {
        public Task HandleAsync(AuthorizationHandlerContext context)
        {
            if (context.Resource is HttpContext http)
            {
                Caller caller = http.Features.Get<Identity>()?.Caller ?? WhoMayWhat.Nobody;
                foreach (IAuthorizationRequirement requirement in context.PendingRequirements.ToList())
                {
                    if (requirement switch
                    {
                        NeedsRight needs => caller.May(needs.Right) || (needs.OrHere && desk.IsHere(http)),
                        UndeclaredRight => UndeclaredRight.IsOpen(http) || caller.May(UndeclaredRight.Of(http)),
                        _ => false,
                    })
                    {
                        context.Succeed(requirement);
                    }
                }
            }

            return Task.CompletedTask;
        }
    }
}
