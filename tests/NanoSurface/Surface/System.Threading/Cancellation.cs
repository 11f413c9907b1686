namespace System.Threading;

public struct CancellationToken
{
    public static CancellationToken None => throw null;
    public bool IsCancellationRequested => throw null;
    public bool CanBeCanceled => throw null;
    public WaitHandle WaitHandle => throw null;
    public CancellationToken(bool canceled) => throw null;
    public void ThrowIfCancellationRequested() => throw null;
}

public class CancellationTokenSource : IDisposable
{
    public bool IsCancellationRequested => throw null;
    public CancellationToken Token => throw null;
    public CancellationTokenSource(int millisecondsDelay) => throw null;
    public CancellationTokenSource(TimeSpan delay) => throw null;
    public CancellationTokenSource() => throw null;
    public void Cancel() => throw null;
    public void Cancel(bool throwOnFirstException) => throw null;
    public void CancelAfter(TimeSpan delay) => throw null;
    public void CancelAfter(int millisecondsDelay) => throw null;
    public void Dispose() => throw null;
    protected void Dispose(bool disposing) => throw null;
}
