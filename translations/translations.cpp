// SPDX-License-Identifier: GPL-3.0-or-later
#include "translations/translations.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

/// Outside any namespace, as the macro wants it: a static library's resources are known only once this has run.
static void initTranslationResources()
{
    Q_INIT_RESOURCE(signalbox_translations);
}

namespace ui {

void installTranslations(QCoreApplication &application, const QLocale &locale)
{
    initTranslationResources();
    const auto install = [&](const QLocale &language) {
        auto *translator = new QTranslator(&application);
        if (translator->load(language, QStringLiteral("signalbox"), QStringLiteral("_"), QStringLiteral(":/translations")))
            QCoreApplication::installTranslator(translator);
        else
            delete translator;
    };
    install(QLocale(QLocale::English));
    if (locale.language() != QLocale::English && locale.language() != QLocale::C)
        install(locale);
}

} // namespace ui
