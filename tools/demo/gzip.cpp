#include "tools/demo/gzip.h"

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>

#include "base/error.h"

namespace vellum::demo {
namespace {

std::string little_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

}  // namespace

std::string gzip(std::string_view bytes) {
  namespace zlib = boost::beast::zlib;
  zlib::deflate_stream deflate;
  std::string coded("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\xFF", 10);  // no name, no time, any system
  auto head = coded.size();
  coded.resize(head + deflate.upper_bound(bytes.size()));
  zlib::z_params params;
  params.next_in = bytes.data();
  params.avail_in = bytes.size();
  params.next_out = coded.data() + head;
  params.avail_out = coded.size() - head;
  boost::beast::error_code error;
  deflate.write(params, zlib::Flush::finish, error);
  VELLUM_ASSERT(error == zlib::error::end_of_stream, "the output holds upper_bound() bytes");
  coded.resize(head + params.total_out);
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return coded + little_endian(crc.checksum()) + little_endian(static_cast<std::uint32_t>(bytes.size()));
}

}  // namespace vellum::demo
