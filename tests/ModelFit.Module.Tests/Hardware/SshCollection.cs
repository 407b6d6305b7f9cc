using Xunit;

namespace ModelFit.Module.Tests.Hardware;

/// <summary>Tests that share the OpenSSH server: it puts a program in front on PATH, so there is one.</summary>
[CollectionDefinition(nameof(SshCollection))]
public sealed class SshCollection : ICollectionFixture<SshServer>;
