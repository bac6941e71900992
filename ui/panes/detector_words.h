// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <span>
#include <string_view>

/// What detectors are called by people. Pure.
namespace ui::panes {

enum class DetectorGroup { Everything, Contact, Money, Identity, Network, Secrets, Own };

struct DetectorWords
{
    const char *id;      ///< in the configuration: "credit_card"
    const char *title;   ///< QT_TRANSLATE_NOOP("ui::panes", …)
    DetectorGroup group;
    bool regional = false; ///< it looks at the regions of its rule
};

/// All that a rule may look for, group by group.
std::span<const DetectorWords> detectorWords();
/// nullptr: none that is known here.
const DetectorWords *findDetector(std::string_view id);

/// "Credit card number"; the id where it is not known here.
QString detectorTitle(std::string_view id);
QString groupTitle(DetectorGroup group);

} // namespace ui::panes
