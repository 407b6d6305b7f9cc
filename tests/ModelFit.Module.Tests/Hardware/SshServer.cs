using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using ModelFit.Testing;

namespace ModelFit.Module.Tests.Hardware;

/// <summary>
/// Debian's OpenSSH server on a loopback port, with a key of its own for every way that a host may behave. The ssh
/// client finds the hosts <c>answer-*</c>, <c>canned-*</c>, <c>hang-*</c>, … by a configuration file, which a program
/// named ssh in front on PATH gives to it.
/// </summary>
public sealed class SshServer : IDisposable
{
    /// <summary>
    /// How a host behaves and the command that its key is bound to; without one its shell runs the probe.
    /// </summary>
    private static readonly (string Host, string? Command)[] Behaviours =
    {
        ("answer", null),
        ("canned", "cat '{0}/canned'"),
        ("banner", "echo Welcome to the machine; echo === not a section of ours; echo; exec sh -s"),
        ("hang", "exec sleep 300"),
        ("close", "exit 7"),
        ("half", "printf '=== /proc/meminfo\\n MemTotal: 1024 kB\\n'"),
        ("flood", "exec yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    private readonly Process? _server;
    private readonly Process? _master;

    public SshServer()
    {
        if (!OperatingSystem.IsLinux()) Absent = "the OpenSSH server of these tests is Debian's";
        else if (DebianPackage.Install("sshd", "openssh-server") is not { } sshd)
            Absent = "there is no sshd, and apt-get as root could not install openssh-server";
        else if (DebianPackage.Find("ssh") is not { } ssh) Absent = "there is no ssh client";
        else
        {
            if (Environment.UserName == "root") Directory.CreateDirectory("/run/sshd");
            Port = Loopback.FreePort();
            WriteKeys();
            WriteConfigurations(ssh);
            _server = Start(sshd, "-D", "-e", "-f", _folder["sshd_config"]);
            WaitForPort();
            _master = Start(ssh, "-F", _folder["config"], "-o", "ControlMaster=yes", "-N", "canned-master");
            WaitFor(() => File.Exists(_folder["master"]));
            Environment.SetEnvironmentVariable("PATH", Path.GetDirectoryName(_folder["bin", "ssh"]) + ":" + _path);
        }
    }

    /// <summary>Why there is no server here; null if there is one.</summary>
    public string? Absent { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>A file that nothing may make.</summary>
    public string Forbidden => _folder["forbidden"];

    /// <summary>Puts a manifest in Ollama's store in the home of who logs in.</summary>
    public void Store(string name, string manifest) =>
        _folder.Write(manifest, [".ollama", "models", "manifests", .. name.Split('/')]);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        foreach (var process in new[] { _master, _server })
        {
            process?.Kill(true);
            process?.Dispose();
        }

        _folder.Dispose();
    }

    private static Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static void WaitFor(Func<bool> isThere)
    {
        var watch = Stopwatch.StartNew();
        while (!isThere())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(20)) throw new TimeoutException(
                "The OpenSSH server does not start.");
            Thread.Sleep(20);
        }
    }

    private void WaitForPort() => WaitFor(() =>
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    });

    private void WriteKeys()
    {
        foreach (var name in Behaviours.Select(behaviour => behaviour.Host).Concat(["host", "unknown", "another"]))
            DebianPackage.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", string.Empty, "-f", _folder[name + "_key"]);
        _folder.Write(string.Concat(Behaviours.Select(AuthorizedKey)), "authorized_keys");
        _folder.Write($"[127.0.0.1]:{Port} {PublicKey("host")}", "known_hosts");
        _folder.Write($"[127.0.0.1]:{Port} {PublicKey("another")}", "other_hosts");
        _folder.Write(CannedAnswer, "canned");
        _folder.Write("This machine belongs to somebody.\n", "banner");
    }

    private string AuthorizedKey((string Host, string? Command) behaviour)
    {
        var command = behaviour.Command?.Replace("{0}", _folder.Path);
        return (command is null ? string.Empty : $"command=\"{command}\" ") + PublicKey(behaviour.Host);
    }

    private string PublicKey(string name) => File.ReadAllText(_folder[name + "_key.pub"]);

    /// <summary>The home is the folder: what a user's own shell does at its start is no part of the tests.</summary>
    private void WriteConfigurations(string ssh)
    {
        _folder.Write($"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey "{_folder["host_key"]}"
            AuthorizedKeysFile "{_folder["authorized_keys"]}"
            Banner "{_folder["banner"]}"
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin yes
            MaxStartups 1000
            MaxSessions 1000
            PidFile none
            SetEnv "HOME={_folder.Path}"

            """, "sshd_config");
        var hosts = Behaviours.Select(behaviour => $"""
            Host {behaviour.Host}-*
              IdentityFile "{_folder[behaviour.Host + "_key"]}"

            """);
        _folder.Write($"""
            Host refused-*
              Port 1
            Host changed-*
              UserKnownHostsFile "{_folder["other_hosts"]}"
              IdentityFile "{_folder["answer_key"]}"
            Host denied-*
              IdentityFile "{_folder["unknown_key"]}"
            Host canned-*
              ControlPath "{_folder["master"]}"
            {string.Concat(hosts)}
            Host *
              HostName 127.0.0.1
              Port {Port}
              IdentitiesOnly yes
              IdentityAgent none
              UserKnownHostsFile "{_folder["known_hosts"]}"
              GlobalKnownHostsFile none
              StrictHostKeyChecking yes

            """, "config");
        var shim = _folder.Write($"#!/bin/sh\nexec '{ssh}' -F '{_folder["config"]}' \"$@\"\n", "bin", "ssh");
        DebianPackage.Run("chmod", "755", shim);
    }

    /// <summary>What the probe prints on a small machine.</summary>
    private const string CannedAnswer = """
        === !hostname
         node7
        === !uname
         Linux 6.1.0
        === /proc/cpuinfo
         processor : 0
         model name : AMD EPYC 7763 64-Core Processor
         physical id : 0
         core id : 0
        === /proc/meminfo
         MemTotal:       16777216 kB
         MemAvailable:    8388608 kB
        === /sys/bus/pci/devices/0000:01:00.0/class
         0x030000
        === /sys/bus/pci/devices/0000:01:00.0/vendor
         0x1002
        === /sys/bus/pci/devices/0000:01:00.0/device
         0x744c
        === /sys/bus/pci/devices/0000:01:00.0/revision
         0xc8
        === end

        """;
}
