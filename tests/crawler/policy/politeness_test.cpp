#include "crawler/policy/politeness.h"

#include <gtest/gtest.h>

#include <set>

namespace vellum::test {
namespace {

using namespace std::chrono_literals;
using policy::PolitenessConfig;
using policy::RetryDecision;

const Timestamp kNow = *parse_timestamp("2026-11-23T12:00:00Z");

std::string group(std::string_view url) {
  return policy::politeness_group(*Url::parse(url));
}

HeaderBlock answer(int status, const std::string& retry_after = "") {
  const std::string field = retry_after.empty() ? "" : "Retry-After: " + retry_after + "\r\n";
  return HeaderBlock("HTTP/1.1 " + std::to_string(status) + " X\r\n" + field + "\r\n");
}

RetryDecision after(const HeaderBlock& head, int attempts = 0) {
  return policy::after_failure(PolitenessConfig{}, {nullptr, &head, attempts, 0, "nih.gov"}, kNow);
}
RetryDecision after(ErrorKind kind, int attempts = 0) {
  const Error error{kind, "no answer", 0};
  return policy::after_failure(PolitenessConfig{}, {&error, nullptr, attempts, 0, "nih.gov"}, kNow);
}

TEST(PolitenessGroup, IsTheRegistrableDomain) {
  EXPECT_EQ(group("https://pubmed.ncbi.nlm.nih.gov/1/"), "nih.gov");
  EXPECT_EQ(group("http://www.ncbi.nlm.nih.gov:8080/pmc/"), "nih.gov");
  EXPECT_EQ(group("https://a.b.co.uk/"), "b.co.uk");
}

TEST(PolitenessGroup, OfAnAddressOrABareNameIsHostAndPort) {
  EXPECT_EQ(group("http://127.0.0.1/"), "127.0.0.1:80");
  EXPECT_EQ(group("http://127.0.0.1:8080/"), "127.0.0.1:8080");
  EXPECT_EQ(group("https://localhost/"), "localhost:443");
  EXPECT_EQ(group("http://[::1]:99/"), "[::1]:99");
}

TEST(Spacing, IsOnlyLengthenedByCrawlDelay) {
  PolitenessConfig config;
  config.delay = 2s;
  EXPECT_EQ(policy::spacing(config, std::nullopt), 2s);
  EXPECT_EQ(policy::spacing(config, Duration(1s)), 2s);
  EXPECT_EQ(policy::spacing(config, Duration(30s)), 30s);
}

TEST(RetryAfter, IsSecondsOrADate) {
  EXPECT_EQ(policy::retry_after(answer(503, "120"), kNow), 120s);
  EXPECT_EQ(policy::retry_after(answer(503, "Mon, 23 Nov 2026 12:00:30 GMT"), kNow), 30s);
  EXPECT_EQ(policy::retry_after(answer(503, "Mon, 23 Nov 2026 11:00:00 GMT"), kNow), 0s);
}

TEST(RetryAfter, IsAtMostTenYears) {
  EXPECT_EQ(policy::retry_after(answer(503, "99999999999999999999999"), kNow), 24h * 3653);
  EXPECT_EQ(policy::retry_after(answer(503, "Wed, 23 Nov 2044 12:00:00 GMT"), kNow), 24h * 3653);
}

TEST(RetryAfter, IsCutToWhatTheConfigurationAllowsAndTheReasonSaysSo) {
  EXPECT_EQ(after(answer(429, "259200")).group_wait, 24h);
  EXPECT_EQ(after(answer(429, "259200")).reason, "status 429 with Retry-After 3d, cut to 1d");
}

TEST(RetryAfter, NonsenseIsNone) {
  for (const char* value : {"", "soon", "-5", "1.5", "12 s"})
    EXPECT_EQ(policy::retry_after(answer(503, value), kNow), std::nullopt) << value;
}

TEST(AfterFailure, NetworkTroubleIsTriedAgainEachTimeLater) {
  for (ErrorKind kind : {ErrorKind::kTimeout, ErrorKind::kNetwork, ErrorKind::kProtocol}) {
    EXPECT_TRUE(after(kind, 0).retry);
    EXPECT_TRUE(after(kind, 0).counts);
    EXPECT_EQ(after(kind, 0).task_wait, 30s);
    EXPECT_EQ(after(kind, 1).task_wait, 60s);
    EXPECT_FALSE(after(kind, 2).retry);
  }
  EXPECT_EQ(after(ErrorKind::kTimeout).reason, "timeout: no answer");
}

TEST(AfterFailure, WhatWillNotChangeIsNotTriedAgain) {
  for (ErrorKind kind : {ErrorKind::kInvalid, ErrorKind::kRefused, ErrorKind::kTooLarge, ErrorKind::kStorage})
    EXPECT_FALSE(after(kind).retry);
  for (int status : {400, 401, 403, 451, 501, 505}) EXPECT_FALSE(after(answer(status)).retry) << status;
}

TEST(AfterFailure, ServerTroubleIsTriedAgain) {
  for (int status : {408, 425, 500, 502, 504}) {
    EXPECT_TRUE(after(answer(status)).retry) << status;
    EXPECT_EQ(after(answer(status)).group_wait, 0s) << status;
    EXPECT_FALSE(after(answer(status), 2).retry) << status;
  }
}

TEST(AfterFailure, APauseThatTheServerNamesHoldsTheGroupAndCostsNoTry) {
  for (int status : {429, 503}) {
    const RetryDecision decision = after(answer(status, "120"), 7);
    EXPECT_TRUE(decision.retry);
    EXPECT_FALSE(decision.counts);
    EXPECT_EQ(decision.group_wait, 120s);
    EXPECT_EQ(decision.task_wait, 120s);
    EXPECT_EQ(decision.reason, "status " + std::to_string(status) + " with Retry-After 2m");
  }
}

TEST(AfterFailure, APauseIsNeverShorterThanTheDelay) {
  PolitenessConfig config;
  config.delay = 10s;
  const HeaderBlock head = answer(429, "1");
  EXPECT_EQ(policy::after_failure(config, {nullptr, &head}, kNow).group_wait, 10s);
}

TEST(AfterFailure, APauseWithoutALengthHoldsTheGroupLongerEachTimeAndCostsNoTry) {
  Duration last{};
  for (std::uint32_t level = 0; level < 6; ++level) {
    const HeaderBlock head = answer(503, level % 2 == 0 ? "" : "soon");
    const auto decision =
        policy::after_failure(PolitenessConfig{}, {nullptr, &head, 2, 3, "nih.gov", {level, kNow}}, kNow);
    EXPECT_TRUE(decision.retry);
    EXPECT_FALSE(decision.counts);
    EXPECT_TRUE(decision.throttle);
    EXPECT_EQ(decision.back_off.level, level + 1);
    EXPECT_GE(decision.group_wait, 30s * (1 << level));
    EXPECT_LE(decision.group_wait, 30s * (1 << level) * 5 / 4);
    EXPECT_GT(decision.group_wait, last);
    last = decision.group_wait;
  }
}

TEST(AfterFailure, ATaskThatIsThrottledForEverIsGivenUp) {
  const HeaderBlock head = answer(429, "1");
  const auto decision = policy::after_failure(PolitenessConfig{}, {nullptr, &head, 0, policy::kMaxThrottled}, kNow);
  EXPECT_FALSE(decision.retry);
  EXPECT_EQ(decision.reason, "status 429 with Retry-After 1s; told to come back 21 times");
  PolitenessConfig once;
  once.retries = 0;
  const HeaderBlock unnamed = answer(503);
  EXPECT_FALSE(policy::after_failure(once, {nullptr, &unnamed}, kNow).retry);
  EXPECT_TRUE(policy::after_failure(once, {nullptr, &head}, kNow).retry);
}

TEST(AfterFailure, TheThirdForbiddenAnswerInARowIsAboutUs) {
  const HeaderBlock head = answer(403);
  for (std::uint32_t before : {0u, 1u})
    EXPECT_FALSE(policy::after_failure(PolitenessConfig{}, {nullptr, &head, 0, 0, "g", {}, before}, kNow).throttle);
  const auto decision = policy::after_failure(PolitenessConfig{}, {nullptr, &head, 0, 0, "g", {}, 2}, kNow);
  EXPECT_TRUE(decision.throttle);
  EXPECT_TRUE(decision.retry);
  EXPECT_GE(decision.group_wait, 30s);
}

TEST(BackOff, DoublesToItsEndWithAJitterThatIsForetold) {
  const PolitenessConfig config;
  std::set<Duration> waits;
  for (const char* group : {"a.org", "b.org", "c.org", "d.org"}) {
    const Duration wait = policy::back_off_wait(config, 3, group);
    EXPECT_GE(wait, 240s);
    EXPECT_LE(wait, 300s);
    EXPECT_EQ(wait, policy::back_off_wait(config, 3, group));
    waits.insert(wait);
  }
  EXPECT_EQ(waits.size(), 4u);
  for (std::uint32_t level : {7u, 8u, 60u, 4'000'000'000u}) {
    EXPECT_GE(policy::back_off_wait(config, level, "a.org"), 1h) << level;
    EXPECT_LE(policy::back_off_wait(config, level, "a.org"), 75min) << level;
  }
}

TEST(BackOff, IsForgivenAfterAQuietTime) {
  const PolitenessConfig config;
  const policy::BackOff state{2, kNow};  // its last wait was a minute and a bit
  EXPECT_EQ(policy::forgiven(config, state, kNow + 30min).level, 2u);
  EXPECT_EQ(policy::forgiven(config, state, kNow + 32min).level, 0u);
}

TEST(AfterFailure, AStoppedTaskIsAsGoodAsNew) {
  EXPECT_TRUE(after(ErrorKind::kCancelled, 9).retry);
  EXPECT_FALSE(after(ErrorKind::kCancelled, 9).counts);
}

TEST(AfterFailure, WaitsDoNotOverflow) {
  PolitenessConfig config;
  config.retries = 1000;
  const Error error{ErrorKind::kTimeout, "", 0};
  EXPECT_EQ(policy::after_failure(config, {&error, nullptr, 900}, kNow).task_wait, 24h);
}

TEST(CaptureStatus, IsSuccessRedirectAndAbsence) {
  for (int status : {200, 206, 301, 304, 399, 404, 410}) EXPECT_TRUE(policy::is_capture_status(status)) << status;
  for (int status : {0, 100, 199, 400, 403, 405, 429, 500, 503})
    EXPECT_FALSE(policy::is_capture_status(status)) << status;
}

}  // namespace
}  // namespace vellum::test
