"""The words of maintenance jobs in English and Arabic: jobs and steps by their names, verdicts, and the page's own."""

from collections.abc import Mapping

from shared.domain.jobs import Verdict
from shared.rendering.dashboard_words import chosen

JOBS: Mapping[str, tuple[str, str]] = {
    "health_check": ("Health check", "فحص السلامة"),
    "log_rotation": ("Log rotation", "أرشفة السجلات"),
    "backup_verification": ("Backup verification", "التحقق من النسخ الاحتياطية"),
    "backup_integrity_test": ("Backup integrity test", "اختبار سلامة النسخ الاحتياطية"),
    "performance_audit": ("Performance audit", "مراجعة الأداء"),
    "security_scan": ("Security scan", "الفحص الأمني"),
    "database_optimization": ("Database optimization", "تحسين قاعدة البيانات"),
    "system_audit": ("System audit", "مراجعة النظام"),
    "dependency_updates": ("Dependency updates", "تحديث المكتبات"),
}
STEPS: Mapping[str, tuple[str, str]] = {
    "health_check.endpoints": ("Addresses that visitors reach", "العناوين التي يصل إليها الزوار"),
    "health_check.database": ("Database connection", "الاتصال بقاعدة البيانات"),
    "health_check.firebase": ("Firebase services", "خدمات Firebase"),
    "health_check.sources": ("Sources of figures", "مصادر الأرقام"),
    "log_rotation.error_logs": ("Error logs archived", "أرشفة سجلات الأخطاء"),
    "log_rotation.performance_logs": ("Performance logs", "سجلات الأداء"),
    "log_rotation.audit_trail": ("Audit trail", "سجل التدقيق"),
    "log_rotation.expired_data": ("Expired data removed", "حذف البيانات المنتهية"),
    "backup_verification.database": ("Database backup", "نسخة قاعدة البيانات"),
    "backup_verification.files": ("File backup", "نسخة الملفات"),
    "backup_verification.warehouse": ("Warehouse backup", "نسخة مستودع البيانات"),
    "backup_verification.configuration": ("Configuration backup", "نسخة الإعدادات"),
    "backup_verification.recovery": ("Recovery procedure", "إجراء الاستعادة"),
    "backup_integrity_test.restore": ("Full restore", "الاستعادة الكاملة"),
    "backup_integrity_test.consistency": ("Consistency", "اتساق البيانات"),
    "backup_integrity_test.objectives": ("Recovery objectives", "أهداف الاستعادة"),
    "backup_integrity_test.disaster_recovery": ("Disaster recovery", "التعافي من الكوارث"),
    "performance_audit.bundle": ("Bundle size", "حجم الحزمة"),
    "performance_audit.load_time": ("Load time", "زمن التحميل"),
    "performance_audit.queries": ("Database queries", "استعلامات قاعدة البيانات"),
    "performance_audit.cdn": ("CDN cache", "ذاكرة شبكة توصيل المحتوى"),
    "security_scan.dependencies": ("Vulnerable dependencies", "المكتبات المعرضة للثغرات"),
    "security_scan.access": ("Access control", "صلاحيات الوصول"),
    "security_scan.rules": ("Security rules", "قواعد الأمان"),
    "security_scan.certificates": ("Certificates", "الشهادات"),
    "security_scan.headers": ("Security headers", "ترويسات الأمان"),
    "database_optimization.indexes": ("Indexes", "الفهارس"),
    "database_optimization.queries": ("Query review", "مراجعة الاستعلامات"),
    "database_optimization.connections": ("Connections", "الاتصالات"),
    "database_optimization.storage": ("Storage", "التخزين"),
    "system_audit.security": ("Security assessment", "تقييم الأمان"),
    "system_audit.benchmark": ("Performance benchmark", "قياس الأداء"),
    "system_audit.compliance": ("Compliance", "الامتثال"),
    "system_audit.capacity": ("Capacity planning", "تخطيط السعة"),
    "dependency_updates.patches": ("Security patches", "تصحيحات الأمان"),
    "dependency_updates.updates": ("Library updates", "تحديثات المكتبات"),
    "dependency_updates.compatibility": ("Compatibility", "التوافق"),
    "dependency_updates.rollback": ("Rollback", "الرجوع إلى الإصدار السابق"),
}
# A sign, a word and a look: nobody has to tell colours apart.
SIGNS = {Verdict.PASS: "✓", Verdict.WARN: "!", Verdict.FAIL: "✕", Verdict.SKIPPED: "-"}
LOOKS = {Verdict.PASS: "ok", Verdict.WARN: "medium", Verdict.FAIL: "critical", Verdict.SKIPPED: "plain"}
VERDICTS = {
    Verdict.PASS: ("passed", "سليم"),
    Verdict.WARN: ("warning", "تنبيه"),
    Verdict.FAIL: ("failed", "فشل"),
    Verdict.SKIPPED: ("not looked at", "لم يُفحص"),
}

EN = {
    "title": "Maintenance", "intro": "What the jobs found, when they run next, and the maintenance windows. Times are Cairo's.",
    "now": "Running now", "done_of": "{done} of {all} steps done", "begun": "begun {at}", "calendar": "The next two weeks",
    "nothing": "Nothing is planned.", "window": "Maintenance window", "emergency": "Emergency maintenance", "open": "open now",
    "over": "ended", "jobs": "Jobs", "never": "has not run yet", "last": "Last run", "took": "took {span}", "next": "Next run",
    "missed": "Did not run when it was due: {at}", "lock": "Due, and waits for: {job}", "waits": "Due, and waits for a maintenance window",
    "runs": "Last runs, the newest first", "steps": "Steps of the last run", "step": "Step", "verdict": "Verdict", "found": "What was found",
    "evidence": "Evidence", "by_hand": "by hand", "by": "by {name}", "dry": "dry run", "seconds": "{n} s", "mend": "To mend it:",
    "jobs_none": "No job is configured.", "twin": "The same for programs", "strip": "{verdict}, {at}",
}  # fmt: skip

AR = {
    "title": "الصيانة", "intro": "نتائج مهام الصيانة ومواعيدها القادمة ونوافذ الصيانة. الأوقات بتوقيت القاهرة.",
    "now": "قيد التنفيذ الآن", "done_of": "تم {done} من {all} خطوات", "begun": "بدأت {at}", "calendar": "الأسبوعان القادمان",
    "nothing": "لا شيء مخطط.", "window": "نافذة صيانة", "emergency": "صيانة طارئة", "open": "مفتوحة الآن",
    "over": "انتهت", "jobs": "المهام", "never": "لم تُنفَّذ بعد", "last": "آخر تنفيذ", "took": "استغرق {span}", "next": "التنفيذ القادم",
    "missed": "لم تُنفَّذ في موعدها: {at}", "lock": "حان موعدها وتنتظر انتهاء: {job}", "waits": "حان موعدها وتنتظر نافذة صيانة",
    "runs": "آخر مرات التنفيذ، الأحدث أولاً", "steps": "خطوات آخر تنفيذ", "step": "الخطوة", "verdict": "النتيجة", "found": "ما وُجد",
    "evidence": "الدليل", "by_hand": "يدوياً", "by": "بواسطة {name}", "dry": "تجربة دون تغيير", "seconds": "{n} ث", "mend": "للإصلاح:",
    "jobs_none": "لا توجد مهام.", "twin": "البيانات نفسها للبرامج", "strip": "{verdict}، {at}",
}  # fmt: skip


def job_words(locale: str) -> dict[str, str]:
    """The page's vocabulary; anything but "ar" reads English."""
    return AR if locale == "ar" else EN


def job_title(name: str, locale: str = "en") -> str:
    """What a job is called."""
    return chosen(JOBS[name], locale) if name in JOBS else name


def step_title(job: str, step: str, locale: str = "en") -> str:
    """What a step of a job is called."""
    return chosen(STEPS[f"{job}.{step}"], locale) if f"{job}.{step}" in STEPS else step


def verdict_word(verdict: Verdict, locale: str = "en") -> str:
    """What a verdict is called."""
    return chosen(VERDICTS[verdict], locale)
