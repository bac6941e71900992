// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/card.h"

namespace ui::prompts {

/// Puts words behind a card's title that take what room there is, and end in "…" where it is too little.
inline void addHeaderNote(widgets::Card &card, QWidget *words)
{
    constexpr int behindTitle = 2, allOfTheRoom = 100;
    static_cast<QHBoxLayout *>(card.header()->layout())->insertWidget(behindTitle, words, allOfTheRoom);
}

} // namespace ui::prompts
