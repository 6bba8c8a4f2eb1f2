#include "storage/frontier/queue_list.h"

#include "base/json.h"

namespace vellum::storage {

std::string order_key(std::string_view group) {
  return "o" + std::string(group);
}

std::string encode_order(const GroupOrder& order) {
  Json row = Json::object();
  if (order.held_until != Timestamp{}) row["held_until"] = order.held_until.time_since_epoch().count();
  if (!order.reason.empty()) row["reason"] = order.reason;
  if (order.delay) row["delay"] = order.delay->count();
  return to_cbor(row);
}

Result<GroupOrder> decode_order(std::string_view group, std::string_view value) {
  VELLUM_TRY(const Json row, parse_cbor(value));
  GroupOrder order;
  order.group = group;
  order.held_until = Timestamp(Duration(integer_of(row, "held_until")));
  order.reason = text_of(row, "reason");
  if (row.contains("delay")) order.delay = Duration(integer_of(row, "delay"));
  return order;
}

}  // namespace vellum::storage
