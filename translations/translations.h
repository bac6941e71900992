// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;
class QLocale;

namespace ui {

/// Puts the texts of a locale on the application, as far as there are any; English plurals in any case. Once, before the
/// first window.
void installTranslations(QCoreApplication &application, const QLocale &locale);

} // namespace ui
