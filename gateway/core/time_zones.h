// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

class QTimeZone;

/// Time zones by their names of the zone database ("Europe/Berlin", "Etc/UTC"), as this machine knows them. Thread-safe.
namespace gateway {

/// Whether there is such a zone. (Qt takes any word for a zone of its own making, and does not list older names.)
bool isKnownZone(std::string_view name);

/// An unknown one is UTC.
QTimeZone zoneOrUtc(std::string_view name);

} // namespace gateway
