#include "plugins/worker/containment.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

namespace vellum::worker {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;  // no filter
#endif

bool limit(__rlimit_resource resource, rlim_t value) {
  const rlimit both{value, value};
  return ::setrlimit(resource, &both) == 0;
}

// What computing takes: memory, time, the socket that is open, an end. All else answers EPERM.
const std::vector<long> kAllowed = {
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_pread64,
    SYS_close,
    SYS_lseek,
    SYS_fstat,
    SYS_newfstatat,
#ifdef SYS_statx
    SYS_statx,
#endif
    SYS_mmap,
    SYS_mprotect,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_brk,
    SYS_membarrier,
    SYS_futex,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_clock_nanosleep,
    SYS_nanosleep,
    SYS_gettimeofday,
    SYS_times,
    SYS_restart_syscall,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_getpid,
    SYS_gettid,
    SYS_getppid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getrandom,
    SYS_uname,
    SYS_sysinfo,
    SYS_getrusage,
    SYS_getrlimit,
    SYS_getcwd,
    SYS_readlinkat,
    SYS_faccessat,
    SYS_recvfrom,
    SYS_sendto,
    SYS_recvmsg,
    SYS_sendmsg,
    SYS_shutdown,
    SYS_ppoll,
    SYS_exit,
    SYS_exit_group,
#if defined(__x86_64__)
    SYS_poll,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
    SYS_time,
    SYS_arch_prctl,
#endif
};

using Program = std::vector<sock_filter>;

sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
sock_filter verdict(std::uint32_t action) {
  return BPF_STMT(BPF_RET | BPF_K, action);
}
// Goes on after the next `skip` instructions where the loaded word is not `value`.
sock_filter unless(std::uint32_t value, std::uint8_t skip) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
}
constexpr std::uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;

// The low word of an argument; of a pointer or size, more would have to be looked at.
std::size_t argument(std::size_t n) {
  return offsetof(seccomp_data, args) + n * sizeof(std::uint64_t);  // both architectures are little endian
}

void begin(Program& program) {
  program.push_back(load(offsetof(seccomp_data, arch)));
  program.push_back(unless(kArchitecture, 1));
  program.push_back(BPF_STMT(BPF_JMP | BPF_JA, 1));
  program.push_back(verdict(SECCOMP_RET_KILL_PROCESS));
  program.push_back(load(offsetof(seccomp_data, nr)));
}

// abort() signals its own thread; nobody else can be signalled.
void allow_own_signals(Program& program) {
  program.push_back(unless(SYS_tgkill, 4));
  program.push_back(load(argument(0)));
  program.push_back(unless(static_cast<std::uint32_t>(::getpid()), 1));
  program.push_back(verdict(SECCOMP_RET_ALLOW));
  program.push_back(verdict(kRefuse));
}

void allow_reading_files(Program& program) {
  program.push_back(unless(SYS_openat, 4));
  program.push_back(load(argument(2)));
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 1, 0));
  program.push_back(verdict(SECCOMP_RET_ALLOW));
  program.push_back(verdict(kRefuse));
}

// glibc asks for limits with prlimit64, which also sets them: only the asking, a null pointer, is allowed.
void allow_asking_for_limits(Program& program) {
  program.push_back(unless(SYS_prlimit64, 6));
  program.push_back(load(argument(2)));
  program.push_back(unless(0, 3));
  program.push_back(load(argument(2) + 4));
  program.push_back(unless(0, 1));
  program.push_back(verdict(SECCOMP_RET_ALLOW));
  program.push_back(verdict(kRefuse));
}

// The second filter, seal_files(), is set with prctl(PR_SET_SECCOMP): filters only ever get stricter.
void allow_filters(Program& program) {
  program.push_back(unless(SYS_prctl, 4));
  program.push_back(load(argument(0)));
  program.push_back(unless(PR_SET_SECCOMP, 1));
  program.push_back(verdict(SECCOMP_RET_ALLOW));
  program.push_back(verdict(kRefuse));
}

bool install(Program& program) {
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

bool filter_calls() {
  if (kArchitecture == 0 || kSanitized) return false;
  Program program;
  begin(program);
  for (const long call : kAllowed) {
    program.push_back(unless(static_cast<std::uint32_t>(call), 1));
    program.push_back(verdict(SECCOMP_RET_ALLOW));
  }
  allow_own_signals(program);
  allow_reading_files(program);
  allow_asking_for_limits(program);
  allow_filters(program);
  program.push_back(verdict(kRefuse));
  return install(program);
}

}  // namespace

std::string contain(std::size_t memory_bytes, std::chrono::seconds cpu) {
  std::string in_force;
  const auto note = [&](bool held, const char* what) {
    in_force += held ? (in_force.empty() ? "" : " ") : "";
    in_force += held ? what : "";
  };
  if (!kSanitized) ::prctl(PR_SET_DUMPABLE, 0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 64);
  note(!kSanitized && limit(RLIMIT_AS, memory_bytes), "memory");
  note(limit(RLIMIT_CPU, static_cast<rlim_t>(cpu.count())), "cpu");
  const bool no_growth = limit(RLIMIT_FSIZE, 0);
  const bool alone = !kSanitized && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
  const bool filtered = filter_calls();
  note(filtered && no_growth, "files");
  note(filtered, "processes");
  note(filtered || alone, "network");
  return in_force;
}

bool seal_files() {
  if (kArchitecture == 0 || kSanitized) return false;
  Program program;
  begin(program);
  program.push_back(unless(SYS_openat, 1));
  program.push_back(verdict(kRefuse));
  program.push_back(unless(SYS_prctl, 1));
  program.push_back(verdict(kRefuse));
  program.push_back(verdict(SECCOMP_RET_ALLOW));
  return install(program);
}

}  // namespace vellum::worker
